from dataclasses import replace

import numpy as np
import pytest

from inference.io.inspection import inspect_file
from workspace.desk.arrival.dropped import Dropped
from workspace.desk.desk import Desk, Row
from workspace.desk.preparation_choice import returns_to, why_prepare
from workspace.kept_file import KeptFile


@pytest.fixture
def desk(small_case_folder):
    """T1 and T1c of the small case."""
    rows = []
    for ending, role in (("t1", "t1"), ("t1ce", "t1c")):
        [file] = small_case_folder.glob(f"*_{ending}.*")
        [image] = inspect_file(file)
        rows.append(Row(Dropped(file.name, KeptFile.like(file)), image, role))
    return Desk(rows)


def changed(row, **changes):
    return replace_image(row, replace(row.image, **changes))


def replace_image(row, image):
    return Row(row.file, image, row.role)


def test_what_brats_prepared_needs_nothing(desk):
    assert why_prepare(desk) is None


def test_a_skull_is_a_reason_that_names_its_images(desk):
    desk.rows[1] = changed(desk.rows[1], concerns=frozenset({"skull"}))
    assert why_prepare(desk) == "The skull is on in T1c."


def test_grids_of_their_own_are_a_reason(desk):
    image = desk.rows[0].image
    moved = replace(image.grid, affine=image.grid.affine @ np.diag([2, 1, 1, 1]))
    desk.rows[0] = changed(desk.rows[0], grid=moved)
    assert why_prepare(desk).startswith("The files lie on different grids: small_t1.nii.gz has")
    assert returns_to(desk) == "small_t1ce.nii.gz"


def test_pictures_and_a_few_slices_are_no_head_to_be_prepared(desk):
    skull = frozenset({"skull"})
    desk.rows[1] = changed(desk.rows[1], concerns=skull, size_known=False)
    assert why_prepare(desk) is None
    grid = desk.rows[0].image.grid
    few = replace(grid, shape=(*grid.shape[:2], 3))
    desk.rows[:] = [changed(row, concerns=skull, grid=few, size_known=True) for row in desk.rows]
    assert why_prepare(desk) is None
