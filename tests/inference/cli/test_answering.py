"""How the command line holds its models, and what it makes of files with JSON beside them."""

import gc
import json
import shutil
import weakref

import numpy as np
import pytest

from inference.__main__ import main
from inference.case import Case
from inference.cli import answering
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import prepare
from inference.study.sources import NiftiFiles, open_sources


@pytest.fixture
def case(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        return read_case(files)


def test_a_model_is_let_go_before_the_next_is_loaded(monkeypatch, case):
    alive = []
    load_model = answering.load_model

    def load(name, **options):
        gc.collect()
        assert not [model for model in alive if model() is not None]
        model, origin = load_model(name, **options)
        alive.append(weakref.ref(model))
        return model, origin

    monkeypatch.setattr(answering, "load_model", load)
    found = answering.segment_with(answering._load(("unet", "resnet_unet"), "int8"), case)
    assert list(found) == ["unet", "resnet_unet", "consensus"]
    assert len(alive) == 2


def test_a_case_without_voxels_is_answered_from_what_was_prepared(case):
    models = list(answering._load(("resnet_unet",), "int8"))
    whole = answering.segment_with(models, case)["resnet_unet"]
    bare: Case = case.without_voxels()
    again = answering.segment_with(models, bare, prepare(case))["resnet_unet"]
    assert whole.labels.any()
    np.testing.assert_array_equal(again.labels, whole.labels)


TIMES = {
    "t1": {"EchoTime": 0.01, "RepetitionTime": 0.5},
    "t1ce": {"EchoTime": 0.01, "RepetitionTime": 0.5},
    "t2": {"EchoTime": 0.09, "RepetitionTime": 5.0},
    "flair": {"EchoTime": 0.1, "RepetitionTime": 9.0, "InversionTime": 2.5},
}


def test_what_brats_prepared_is_answered_alike_with_json_beside_it(small_case_folder, tmp_path):
    def answer(folder):
        file = tmp_path / "r.json"
        assert main([str(folder), "--model", "resnet_unet", "--json", str(file)]) == 0
        report = json.loads(file.read_text())
        assert report["preparation"] is None
        result = report["models"]["resnet_unet"]
        return report["case"], result["volume_ml"], result["dice"]

    plain = answer(small_case_folder)
    described = tmp_path / small_case_folder.name
    shutil.copytree(small_case_folder, described)
    for ending, times in TIMES.items():
        [image] = described.glob(f"*_{ending}.nii*")
        image.with_name(image.name.replace(".nii.gz", ".json")).write_text(json.dumps(times))
    with open_sources([described]) as [source]:
        assert isinstance(source, NiftiFiles)
    assert answer(described) == plain
