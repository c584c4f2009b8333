"""How the command line holds its models."""

import gc
import weakref

import numpy as np
import pytest

from inference.case import Case
from inference.cli import run
from inference.io.case_files import open_cases
from inference.io.case_reader import read_case
from inference.network.preprocess import prepare


@pytest.fixture
def case(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        return read_case(files)


def test_a_model_is_let_go_before_the_next_is_loaded(monkeypatch, case):
    alive = []
    load_model = run.load_model

    def load(name, **options):
        gc.collect()
        assert not [model for model in alive if model() is not None]
        model, origin = load_model(name, **options)
        alive.append(weakref.ref(model))
        return model, origin

    monkeypatch.setattr(run, "load_model", load)
    found = run.segment_with(run._load(("unet", "resnet_unet"), "int8"), case)
    assert list(found) == ["unet", "resnet_unet", "consensus"]
    assert len(alive) == 2


def test_a_case_without_voxels_is_answered_from_what_was_prepared(case):
    models = list(run._load(("resnet_unet",), "int8"))
    whole = run.segment_with(models, case)["resnet_unet"]
    bare: Case = case.without_voxels()
    again = run.segment_with(models, bare, prepare(case))["resnet_unet"]
    assert whole.labels.any()
    np.testing.assert_array_equal(again.labels, whole.labels)
