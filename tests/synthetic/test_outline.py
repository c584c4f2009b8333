import numpy as np
import pytest

from synthetic.outline import make_outline


@pytest.fixture(scope="module")
def outline(grid):
    return make_outline(grid.points)


def at(grid, field, x, y, z):
    return field[tuple(np.abs(grid.axis(n) - p).argmin() for n, p in enumerate((x, y, z)))]


def test_the_hull_has_the_size_of_an_adult_brain(grid, outline):
    inside = np.argwhere(outline.hull < 0)
    size = (inside.max(0) - inside.min(0) + 1) * grid.spacing
    np.testing.assert_allclose(size, (136, 168, 143), atol=8)


def test_the_hull_holds_all_parts(outline):
    for part in (outline.cerebrum, outline.cerebellum, outline.stem):
        assert (outline.hull[part < 0] < 1).all()


def test_parts_lie_where_they_belong(grid, outline):
    assert at(grid, outline.cerebrum, 30, 40, 10) < 0
    assert at(grid, outline.cerebrum, -45, -10, -25) < 0
    assert at(grid, outline.cerebellum, 25, -65, -40) < 0
    assert at(grid, outline.stem, 0, -27, -32) < 0
    assert at(grid, outline.hull, 0, 40, -50) > 0


def test_a_fissure_parts_the_hemispheres_above_the_callosum(grid, outline):
    assert at(grid, outline.cerebrum, 0, -10, 60) > at(grid, outline.cerebrum, 8, -10, 60)
    assert at(grid, outline.cerebrum, 0, -5, 15) < 0


def test_cerebrum_and_cerebellum_do_not_touch(outline):
    assert not ((outline.cerebrum < 0) & (outline.cerebellum < 0)).any()
