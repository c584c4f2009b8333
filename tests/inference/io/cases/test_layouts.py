"""Every data set of the table is read as its release lays it out."""

import json
import tomllib
import zipfile
from pathlib import Path

import pytest

from common.vocabulary import MODALITIES
from inference.io.cases.case_files import open_cases
from inference.io.cases.layouts import layouts
from tests.conftest import ROOT

TREES = tomllib.loads(Path(__file__).with_name("layout_trees.toml").read_text("utf-8"))["tree"]


@pytest.fixture
def lay_down(write_nifti, tmp_path):
    def lay(files, described=None):
        for file in files:
            place = tmp_path / "set" / file
            if file.endswith((".json", ".tsv")):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(json.dumps(described or {}))
            else:
                write_nifti(f"set/{file}")
        return tmp_path / "set"

    return lay


def found_in(cases, folder):
    found = {}
    for case in cases:
        kinds = dict(case.modalities)
        kinds |= {"truth": case.truth} if case.truth else {}
        kinds |= {"stack": case.stacked} if case.stacked else {}
        found[case.name] = kinds
    return found


def is_as_expected(found, expected):
    assert set(found) == set(expected)
    for name, kinds in expected.items():
        wanted = {kind: path for kind, path in kinds.items() if kind != "convention"}
        assert set(found[name]) == set(wanted)
        for kind, path in wanted.items():
            assert found[name][kind].as_posix().endswith(path), (name, kind)


def test_every_layout_has_a_tree():
    assert [tree["name"] for tree in TREES] == [layout.name for layout in layouts()]


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree["name"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_tree_is_its_cases(lay_down, tmp_path, tree, packed):
    folder = given = lay_down(tree["files"], tree.get("json"))
    if packed:
        given = tmp_path / "set.zip"
        with zipfile.ZipFile(given, "w") as archive:
            for file in tree["files"]:
                archive.write(folder / file, file)
    with open_cases([given]) as cases:
        is_as_expected(found_in(cases, folder), tree["cases"])
        conventions = {case.name: case.truth_convention for case in cases}
    for name, kinds in tree["cases"].items():
        assert conventions[name] == kinds.get("convention")


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree["name"])
def test_what_is_in_no_case_is_named(lay_down, tree):
    used = {path for kinds in tree["cases"].values() for path in kinds.values()}
    scans = [file for file in tree["files"] if file.endswith(".nii.gz")]
    unread = [file for file in scans if not any(file.endswith(path) for path in used)]
    with open_cases([lay_down(tree["files"], tree.get("json"))]) as cases:
        named = {each.name for case in cases for each in case.unread}
    assert {Path(file).name for file in unread} <= named


@pytest.mark.parametrize(
    ("description", "order"),
    [
        ({"channel_names": {"0": "FLAIR", "1": "T1w", "2": "T1gd", "3": "T2w"}}, "flair"),
        ({"modality": {"0": "T2", "1": "T1", "2": "T1ce", "3": "FLAIR"}}, "t2"),
        ({}, "t1"),
    ],
)
def test_the_order_of_nnunet_is_what_its_description_says(lay_down, description, order):
    files = [f"imagesTr/GBM_7_000{number}.nii.gz" for number in range(4)]
    folder = lay_down(files)
    (folder / "dataset.json").write_text(json.dumps(description))
    with open_cases([folder]) as (case,):
        assert case.modalities[order].name == "GBM_7_0000.nii.gz"
        said = any("were taken to be" in note for note in case.notes)
    assert said == (not description)


@pytest.mark.parametrize("ending", [".nrrd", ".mha", ".nii"])
def test_nnunet_has_other_formats_too(tmp_path, ending):
    files = [f"imagesTr/G_{case}_000{number}{ending}" for case in (1, 2) for number in range(4)]
    for file in [*files, f"labelsTr/G_1{ending}", f"imagesTs/G_3_0000{ending}"]:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(bytes(2000))
    with open_cases([tmp_path]) as cases:
        found = {case.name: set(case.modalities) for case in cases}
        assert cases[0].truth.name == f"G_1{ending}"
    assert found == {"G_1": set(MODALITIES), "G_2": set(MODALITIES), "G_3": {"t1"}}


def test_one_channel_of_nnunet_is_what_its_description_says(lay_down):
    files = ["imagesTr/G_1_0000.nii.gz", "labelsTr/G_1.nii.gz", "dataset.json"]
    with open_cases([lay_down(files, {"channel_names": {"0": "FLAIR"}})]) as (case,):
        assert set(case.modalities) == {"flair"}
        assert case.truth.name == "G_1.nii.gz"


def test_a_channel_of_nnunet_that_is_no_modality_is_named(lay_down):
    files = [*(f"imagesTr/G_1_000{number}.nii.gz" for number in range(5)), "dataset.json"]
    names = dict(enumerate(["ADC", "T1", "T1ce", "T2", "FLAIR"]))
    with open_cases([lay_down(files, {"channel_names": names})]) as (case,):
        assert case.modalities["flair"].name == "G_1_0004.nii.gz"
        assert [(each.name, each.why) for each in case.unread] == [
            ("G_1_0000.nii.gz", "by its number none of T1, T1c, T2 and FLAIR")
        ]


def test_the_volumes_of_a_file_are_what_the_description_says(lay_down):
    files = ["imagesTr/GBM_1.nii.gz", "labelsTr/GBM_1.nii.gz", "dataset.json"]
    stated = {"modality": {"0": "T2", "1": "FLAIR", "2": "T1", "3": "T1gd"}}
    with open_cases([lay_down(files, stated)]) as (case,):
        assert case.channels == ("t2", "flair", "t1", "t1c")


def test_a_truth_is_numbered_as_the_description_says(lay_down):
    files = ["imagesTr/G_1_0000.nii.gz", "labelsTr/G_1.nii.gz", "dataset.json"]
    labels = {"background": 0, "whole tumor": [1, 2, 3], "tumor core": [2, 3], "ET": [3]}
    stated = {"channel_names": {"0": "FLAIR"}, "labels": labels}
    with open_cases([lay_down(files, stated)]) as (case,):
        assert case.truth_convention == "decathlon"
        assert "as dataset.json states: Decathlon: 1 oedema" in " ".join(case.notes)


@pytest.mark.parametrize("acq", ["CE", "Gd", "mprageGd", "T1ce", "KM", "postcontrast"])
def test_what_bids_calls_the_acquisition_tells_contrast(lay_down, acq):
    names = [f"sub-01/anat/sub-01_{middle}T1w.nii.gz" for middle in ("", f"acq-{acq}_")]
    with open_cases([lay_down(names)]) as (case,):
        assert case.modalities["t1c"].name == f"sub-01_acq-{acq}_T1w.nii.gz"
        assert case.modalities["t1"].name == "sub-01_T1w.nii.gz"


def test_phases_of_bids_are_no_images_and_magnitudes_are(lay_down):
    names = [f"sub-01/anat/sub-01_part-{part}_T1w.nii.gz" for part in ("mag", "phase", "real")]
    with open_cases([lay_down(names)]) as (case,):
        assert case.modalities["t1"].name == "sub-01_part-mag_T1w.nii.gz"
        assert len(case.unread) == 2


def test_of_the_runs_of_bids_the_last_is_read(lay_down):
    names = [f"sub-01/anat/sub-01_acq-iso_run-{run}_T1w.nii.gz" for run in ("1", "10", "02")]
    with open_cases([lay_down([*names, "sub-01/anat/sub-01_FLAIR.nii.gz"])]) as (case,):
        assert case.modalities["t1"].name == "sub-01_acq-iso_run-10_T1w.nii.gz"
        reasons = {each.name: each.why for each in case.unread}
    assert reasons == {
        f"sub-01_acq-iso_run-{run}_T1w.nii.gz": "sub-01_acq-iso_run-10_T1w.nii.gz is read in its "
        "place"
        for run in ("1", "02")
    }


def test_a_flair_before_contrast_is_read_before_one_after(lay_down):
    names = [f"sub-01_{words}.nii.gz" for words in ("T1w", "ce-gadolinium_FLAIR", "FLAIR")]
    with open_cases([lay_down([f"sub-01/anat/{name}" for name in names])]) as (case,):
        assert case.modalities["flair"].name == "sub-01_FLAIR.nii.gz"
        assert case.unread[0].name == "sub-01_ce-gadolinium_FLAIR.nii.gz"


def test_the_order_of_nnunet_can_be_named(lay_down):
    folder = lay_down([f"GBM_7_000{number}.nii.gz" for number in range(4)])
    for given in ([folder], sorted(folder.iterdir())):
        with open_cases(given, channels=("flair", "t2", "t1c", "t1")) as (case,):
            assert case.modalities["flair"].name == "GBM_7_0000.nii.gz"


def test_files_of_the_decathlon_as_nnunet_has_them_keep_their_order(lay_down):
    folder = lay_down([f"imagesTr/BRATS_001_000{number}.nii.gz" for number in range(4)])
    with open_cases([folder]) as (case,):
        assert case.modalities["flair"].name == "BRATS_001_0000.nii.gz"


def test_a_patient_of_a_data_set_alone_is_one_case(lay_down):
    files = [f"RHUH-0002_0_{kind}.nii.gz" for kind in ("t1", "t1ce", "segmentations", "adc")]
    with open_cases([lay_down(files)]) as (case,):
        assert set(case.modalities) == {"t1", "t1c"}
        assert case.truth.name == "RHUH-0002_0_segmentations.nii.gz"
        assert "RHUH-0002_0_adc.nii.gz" in case.notes[0]


def test_the_table_of_the_docs_has_every_layout():
    text = (ROOT / "docs" / "files.md").read_text("utf-8")
    for layout in layouts():
        assert f"| {layout.name} |" in text
