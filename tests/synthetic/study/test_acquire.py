import numpy as np

from synthetic.grid import Grid
from synthetic.study.acquire import average, labels_on
from synthetic.study.planes import Stack
from synthetic.study.protocol import FLAIR, T1C

_GRID = Grid((-30.0, -30.0, -30.0), (1.0, 1.0, 1.0), (61, 61, 61))


def _stack(thickness: float) -> Stack:
    return Stack("axial", (0, 0, 0), (0, 0, 0), (41, 41, 5), 1.0, thickness, 5.0)


def test_a_slice_averages_over_its_thickness():
    plane = np.zeros(_GRID.shape, np.float32)
    plane[:, :, 30] = 1.0  # 1 mm of 5
    thick, thin = (average(plane, _GRID, _stack(mm), np.eye(4))[20, 20] for mm in (5.0, 1.0))
    np.testing.assert_allclose(thick, (0, 0, 0.2, 0, 0), atol=0.06)
    np.testing.assert_allclose(thin, (0, 0, 1, 0, 0), atol=0.01)


def test_a_ramp_is_read_where_the_motion_puts_it():
    ramp = np.broadcast_to(_GRID.points[0], _GRID.shape)
    moved = np.eye(4)
    moved[0, 3] = 4.0
    column = average(ramp, _GRID, _stack(1.0), moved)[:, 20, 2]
    world = 20.0 - np.arange(41)  # axial slices run from the patient's right
    np.testing.assert_allclose(column, world - 4.0, atol=1e-4)


def test_the_truth_keeps_its_volume_on_every_grid(head):
    wanted = (head.truth > 0).sum() * head.grid.voxel_volume_ml
    for sequence in (T1C, FLAIR):
        (stack,) = sequence.stacks
        labels = labels_on(head, stack, sequence.pose)
        volume = (labels > 0).sum() * stack.pixel**2 * stack.distance / 1000
        assert abs(volume - wanted) < 0.06 * wanted


def test_air_is_noise_and_fat_is_brightest_on_t1(exam):
    ((_, values),) = exam["t1"].volumes
    corner = values[:10, :10]
    assert 0 < corner.mean() < 10
    assert values.max() > 500
