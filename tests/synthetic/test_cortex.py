import pytest
from scipy import ndimage

from synthetic.cortex import fold_cerebellum, fold_cortex
from synthetic.outline import make_outline


@pytest.fixture(scope="module")
def outline(grid):
    return make_outline(grid.points)


def fold(grid, outline, **chosen):
    solid = outline.cerebrum < 0
    return solid, *fold_cortex(grid, solid, outline.hull, **{"width": 1.0, "seed": 0} | chosen)


def test_sulci_are_part_of_the_seams_and_of_the_solid(grid, outline):
    solid, sulci, seams = fold(grid, outline)
    assert sulci.any()
    assert not (sulci & ~seams).any()
    assert not (seams & ~solid).any()


def test_sulci_start_at_the_surface_and_end_in_white_matter(grid, outline):
    solid, sulci, seams = fold(grid, outline)
    depth = ndimage.distance_transform_edt(solid, sampling=grid.spacing)
    assert sulci[(depth > 0) & (depth < 4)].mean() > 0.1
    assert not seams[depth > 40].any()


def test_a_mass_squeezes_sulci(grid, outline):
    _, sulci, _ = fold(grid, outline)
    _, squeezed, _ = fold(grid, outline, width=0.4)
    assert squeezed.sum() < 0.8 * sulci.sum()


def test_the_cerebellum_is_grey_outside_and_white_inside(grid, outline):
    grey, clefts = fold_cerebellum(grid, outline.cerebellum, seed=0)
    outside = (outline.cerebellum < 0) & (outline.cerebellum > -4)
    assert grey[outside].mean() > 2 * grey[outline.cerebellum < -14].mean()
    assert clefts.min() >= 0
    assert clefts.max() <= 1
