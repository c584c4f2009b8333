import numpy as np

from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import prepare
from report.drawing.images import Images
from scene.bodies import (
    MOST_TRIANGLES,
    brain_surface,
    brain_triangles,
    part_surface,
    part_triangles,
)


def test_four_panels_together_stay_within_what_a_laptop_turns(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        case = read_case(files)
    affine = case.grid.ras_affine
    brain = brain_surface(Images(case, prepare(case)), affine, brain_triangles(4))
    parts = [part_surface(case.truth, part, affine, part_triangles(12)) for part in (1, 2, 3)]
    whole = part_surface(case.truth, "wt", affine, part_triangles(4))
    together = 4 * (len(brain.triangles) + sum(len(part.triangles) for part in parts))
    assert together <= MOST_TRIANGLES
    for part in (*parts, whole):  # the tumour lies inside the head
        assert (part.vertices.min(axis=0) >= brain.vertices.min(axis=0) - 5).all()
        assert (part.vertices.max(axis=0) <= brain.vertices.max(axis=0) + 5).all()


def test_the_budget_is_never_exceeded_by_sharing_it_out():
    for panels in range(1, 6):
        shared = panels * (brain_triangles(panels) + 3 * part_triangles(3 * panels))
        assert shared <= MOST_TRIANGLES


def test_a_part_that_is_not_there_has_no_surface():
    assert part_surface(np.zeros((9, 9, 9), np.uint8), 3, np.eye(4), 1000) is None
