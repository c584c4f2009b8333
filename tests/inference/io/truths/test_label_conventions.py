"""Conventions: numbers that speak for themselves are read, others are asked about."""

import numpy as np
import pytest

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles
from inference.io.truths.label_conventions import (
    CONVENTIONS,
    detect_convention,
    fitting_conventions,
    is_label_map,
    read_labels,
)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ([0, 1, 2, 3], "brats2023"),
        ([0, 1, 2, 4], "brats2021"),
        ([0, 2], "brats2023"),
        ([0], "brats2023"),
        ([0, 1], None),
        ([0, 255], "whole"),
        ([0, 4, 255], None),
        ([0, 1, 3, 4], None),
        ([0, 5], None),
    ],
)
def test_detection(values, name):
    assert detect_convention(values) == name


def test_only_what_explains_every_number_is_offered():
    assert fitting_conventions([0, 1, 2, 4]) == ["brats2021", "brats2024", "brats-ped", "whole"]
    assert fitting_conventions([0, 1]) == list(CONVENTIONS)
    assert fitting_conventions([0, 255]) == ["whole"]


@pytest.mark.parametrize(
    ("name", "numbers", "labels"),
    [
        ("brats2023", [0, 1, 2, 3], [0, 1, 2, 3]),
        ("brats2021", [0, 1, 2, 4], [0, 1, 2, 3]),
        ("decathlon", [0, 1, 2, 3], [0, 2, 1, 3]),
        ("brats2024", [0, 1, 2, 3, 4], [0, 1, 2, 3, 0]),
        ("brats-ped", [0, 1, 2, 3, 4], [0, 3, 1, 1, 2]),
        ("hd-glio", [0, 1, 2], [0, 2, 3]),
        ("whole", [0, 1, 255, 7], [0, 2, 2, 2]),
    ],
)
def test_reading(name, numbers, labels):
    read = read_labels(np.array(numbers, np.uint8), name, source="x")
    assert read.dtype == np.uint8
    np.testing.assert_array_equal(read, labels)


def test_a_number_the_convention_does_not_know():
    with pytest.raises(InputError, match=r"x_seg\.nii holds the value 4, which “BraTS from 2023"):
        read_labels(np.array([0, 4]), "brats2023", source="x_seg.nii")


@pytest.mark.parametrize(("values", "could"), [([0, 1, 2, 3], True), ([0, 255], True),
                                               ([0, 7], False), (range(9), False)])  # fmt: skip
def test_what_could_be_a_truth(values, could):
    assert is_label_map(np.array(values)) == could


def test_a_mask_of_a_picture_is_taken_as_the_one_thing_it_can_be(write_nifti, make_image):
    mask = (make_image() > 1).astype(np.uint8) * 255
    files = {"modalities": {"t1": write_nifti("x_t1.nii")}, "truth": write_nifti("m.nii", mask)}
    case = read_case(CaseFiles("x", **files))
    assert case.truth_regions == ("wt",)
    np.testing.assert_array_equal(case.truth, (mask > 0)[::-1, ::-1] * 2)
    assert any(
        "m.nii holds only 255 besides 0 and was taken for one mask" in note for note in case.notes
    )


def test_a_1_alone_is_refused_until_somebody_says_what_it_is(write_nifti, make_image):
    mask = (make_image() > 1).astype(np.uint8)
    files = {"modalities": {"t1": write_nifti("x_t1.nii")}, "truth": write_nifti("m.nii", mask)}
    with pytest.raises(InputError, match=r"m\.nii holds only 1 besides 0.*--truth-labels"):
        read_case(CaseFiles("x", **files))
    case = read_case(CaseFiles("x", **files, truth_convention="whole"))
    assert case.truth_regions == ("wt",)
    np.testing.assert_array_equal(case.truth, (mask > 0)[::-1, ::-1] * 2)
    assert any("only the whole tumour is scored" in note for note in case.notes)
    scores = case.scored({"wt": 0.9, "tc": 0.0, "et": 0.0})
    assert scores["wt"] == 0.9
    assert np.isnan(scores["tc"])
