"""Which case is which, by its files; none of them is read."""

import os
from pathlib import Path

import pytest

from inference.cli.cohort.identity import identities
from inference.io.cases.files_of_case import CaseFiles
from inference.study.sources import DicomFiles


@pytest.fixture
def files(tmp_path):
    def write(*names):
        for name in names:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(name)
        return [tmp_path / name for name in names]

    return write


def case(name, t1: Path, truth: Path | None = None):
    return CaseFiles(name, modalities={"t1": t1}, truth=truth)


def test_a_changed_file_makes_another_digest_in_the_same_place(files):
    t1, truth = files("P1/t1.nii", "P1/seg.nii")
    [before] = identities([case("P1", t1, truth)])
    os.utime(truth, ns=(1, 1))
    [after] = identities([case("P1", t1, truth)])
    assert after.where == before.where
    assert after.what != before.what


def test_cases_that_share_a_folder_are_told_apart(files):
    one, two = identities([case(p, *files(f"{p}_t1.nii")) for p in ("P1", "P2")])
    assert one.where != two.where
    assert one.what != two.what


def test_the_same_files_given_twice_are_twins(files):
    t1, other = files("P1/t1.nii", "P2/t1.nii")
    given = [case("P1", t1), case("P2", other), case("P1_2", t1)]
    assert [each.twin_of for each in identities(given)] == [None, None, 0]


def test_a_study_is_an_exam_in_its_folder(files, tmp_path):
    files("NAME^OF/1")
    [study] = identities([DicomFiles((tmp_path / "NAME^OF",))])
    assert (study.name, study.where) == ("exam", str(tmp_path / "NAME^OF"))
