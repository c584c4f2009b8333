import numpy as np
import pytest

from synthetic.skull.bodies import PARTS, Ellipsoid, Tube, both_sides
from synthetic.skull.head import head_grid
from synthetic.skull.layers import HEAD_AND_NECK


@pytest.mark.parametrize(
    "body", [Ellipsoid((1, 2, 3), (4, 5, 6)), Tube(((0, 0, 0, 2), (5, 5, 5, 3)))]
)
def test_a_box_holds_the_whole_body(body):
    points = np.meshgrid(*[np.arange(-20.0, 20.0)] * 3, indexing="ij", sparse=True)
    inside = np.argwhere(body.distance(points) <= 0) - 20
    low, high = np.array(body.box()).T
    assert (inside >= low).all()
    assert (inside <= high).all()


def test_every_part_lies_in_the_head():
    grid = head_grid(2.0)
    for part in PARTS:
        windows = list(both_sides(part, grid, HEAD_AND_NECK))
        assert len(windows) == (2 if part.body.box()[0][0] >= 0 else 1)
