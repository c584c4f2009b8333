"""Every data set of the table is read as its release lays it out."""

import json
import tomllib
import zipfile
from pathlib import Path

import pytest

from inference.io.cases.case_files import open_cases
from inference.io.cases.layouts import layouts
from tests.conftest import ROOT

TREES = tomllib.loads(Path(__file__).with_name("layout_trees.toml").read_text("utf-8"))["tree"]


@pytest.fixture
def lay_down(write_nifti, tmp_path):
    def lay(files):
        for file in files:
            place = tmp_path / "set" / file
            if file.endswith((".json", ".tsv")):
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text("{}")
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
    folder = given = lay_down(tree["files"])
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
    with open_cases([lay_down(tree["files"])]) as cases:
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
