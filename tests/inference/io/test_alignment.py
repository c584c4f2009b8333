"""Alignment: which image stays, which are moved, and what is said of each."""

import numpy as np
import pytest

from inference.geometry.native_grid import NativeGrid
from inference.geometry.registration import Motion, NotAlignedError
from inference.io import alignment
from inference.io.alignment import align
from inference.io.scan_images import ScanImage
from tests.inference.motions import moved_grid, rigid

GRID = NativeGrid((4, 4, 4), np.eye(4), None)
OTHER = moved_grid(GRID, rigid(3, 0))
MOVED = Motion(rigid(6, 5), shift_mm=6.04, turn_degrees=4.96, negligible=False)
STILL = Motion(rigid(0.1, 0.1), shift_mm=0.1, turn_degrees=0.1, negligible=True)


def image(modality, *, grid=GRID, value=1):
    return ScanImage(f"P1_{modality}.nii", modality, np.full((4, 4, 4), value, np.float32), grid)


@pytest.fixture
def finds(monkeypatch):
    """Have these motions found, one image after the other; returns the references asked for."""

    def prepare(*found):
        answers, asked = iter(found), []

        def find(_, *, of, reference, onto):
            asked.append(onto)
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(alignment, "find_motion", find)
        return asked

    return prepare


def test_the_t1c_stays_and_what_was_done_is_one_sentence(finds):
    finds(MOVED, STILL, MOVED)
    images = [image(name) for name in ("t1", "t1c", "t2", "flair")]
    found = align(images, GRID, truth=None)
    assert set(found.motions) == {"t1", "flair"}
    assert found.motions["flair"] is MOVED.matrix
    assert found.notes == (
        "Aligned to P1_t1c.nii: P1_t1.nii was moved by 6.0 mm and turned by 5.0°, P1_flair.nii was "
        "moved by 6.0 mm and turned by 5.0°, P1_t2.nii already lay on it. Check that they lie on "
        "each other.",
    )


def test_what_was_not_aligned_comes_first_and_is_not_moved(finds):
    finds(STILL, NotAlignedError("it would be moved by 52 mm"))
    images = [image(name) for name in ("t1", "t1c", "flair")]
    found = align(images, GRID, truth=None)
    assert found.motions == {}
    assert found.notes[0] == (
        "P1_flair.nii was not aligned to P1_t1c.nii and stays where its header places it: it would "
        "be moved by 52 mm; check that both are of one patient and one examination."
    )
    assert found.notes[1].startswith("Aligned to P1_t1c.nii: P1_t1.nii already lay on it.")


def test_the_truth_stays_with_the_image_of_its_grid(finds):
    asked = finds(MOVED, MOVED)
    images = [image("t1", grid=OTHER), image("t1c", grid=OTHER), image("flair")]
    found = align(images, GRID, truth="P1_seg.nii")
    assert asked == [GRID, GRID]
    assert set(found.motions) == {"t1", "t1c"}
    assert found.notes[-1] == (
        "P1_seg.nii was not moved: it lies on the grid of P1_flair.nii, which was not either."
    )


def test_a_truth_on_no_images_grid_is_told(finds):
    asked = finds(MOVED)
    images = [image("t1", grid=OTHER), image("t1c", grid=OTHER)]
    found = align(images, GRID, truth="P1_seg.nii")
    assert asked == [OTHER]
    assert "P1_seg.nii lies on the grid of none of the images" in found.notes[-1]


def test_an_image_that_was_left_out_is_neither_moved_nor_followed(finds):
    finds(MOVED)
    images = [image("t1"), image("t1c", value=0), image("flair")]
    found = align(images, GRID, truth=None)
    assert set(found.motions) == {"flair"}
    assert found.notes[0].startswith("Aligned to P1_t1.nii: P1_flair.nii was moved")


def test_one_image_needs_no_alignment(finds):
    finds()
    found = align([image("t1")], GRID, truth=None)
    assert found.motions == {}
    assert found.notes == ("P1_t1.nii is the only image: nothing was aligned.",)
