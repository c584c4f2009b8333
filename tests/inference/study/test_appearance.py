import os
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from inference.study import appearance
from inference.study.appearance import check_appearance

DATA = Path(os.environ.get("GLIOLENS_DATA", "../shared/data")) / "brats"
PATIENT = "Brats18_2013_3_1"
FILES = {"t1": "t1", "t1c": "t1ce", "t2": "t2", "flair": "flair"}


@pytest.fixture(scope="module")
def head() -> dict[str, np.ndarray]:
    """A patient that the table was not made from."""
    found = {name: sorted((DATA / PATIENT).glob(f"*_{end}.nii*")) for name, end in FILES.items()}
    if not all(found.values()):
        pytest.skip("needs a BraTS patient")
    return {name: np.asarray(nib.load(path[0]).dataobj, "f4") for name, path in found.items()}


def doubts(images: dict[str, np.ndarray]) -> dict[str, str]:
    brain = np.any([image != 0 for image in images.values()], axis=0)
    return {doubt.given: doubt.looks for doubt in check_appearance(images, brain)}


def test_what_is_right_is_not_doubted(head):
    assert not doubts(head)


@pytest.mark.parametrize(("one", "two"), [("t1", "t1c"), ("t2", "flair"), ("t1c", "t2")])
def test_a_swap_is_found_in_any_units(head, one, two):
    swapped = {**head, one: head[two] * 3e-4, two: head[one] * 50}

    assert doubts(swapped) == {one: two, two: one}


def test_a_t2_given_as_flair_is_found_with_what_was_measured(head):
    images = {"t1": head["t1"], "t1c": head["t1c"], "flair": head["t2"]}
    brain = head["t1"] != 0

    found = check_appearance(images, brain)

    reasons = {(doubt.given, doubt.looks): doubt.reason for doubt in found}
    assert "usual" in reasons["flair", "t2"]


def test_nothing_to_measure_is_no_doubt():
    flat = np.ones((20, 20, 20), np.float32)

    assert check_appearance({"t1": flat, "t2": flat}, flat > 0) == ()
    assert check_appearance({"t1": flat}, flat > 0) == ()


@pytest.mark.parametrize(
    ("cycle", "expected"),
    [(12.0, ("t2", "t1", "flair")), (20.0, ("t2", "flair", "t1"))],
)
def test_no_bystander_is_accused_unless_that_is_much_likelier(monkeypatch, cycle, expected):
    """A swap of two explains nearly all; turning the third round too fits a little better."""
    given = ("t1", "t2", "flair")
    fits = {given: 0.0, ("t2", "t1", "flair"): 10.0, ("t2", "flair", "t1"): cycle}
    monkeypatch.setattr(
        appearance, "_fit", lambda measured, given, naming, table: fits.get(naming, -99.0)
    )
    assert appearance.likeliest_naming(None, given, {}) == expected
