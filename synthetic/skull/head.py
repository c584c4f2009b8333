"""A whole head with a glioma, before any scanner: signals and truth on one fine grid."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from synthetic.anatomy import Anatomy, individual_points, make_anatomy
from synthetic.contrast import clean_signals
from synthetic.fields import smooth_noise
from synthetic.grid import HEAD_BOX, Grid
from synthetic.skull.layers import HEAD_AND_NECK, lay_out, make_scaffold
from synthetic.skull.tissues import Tissue, signal_table
from synthetic.tumour import Tumour, grow, make_plan, push_aside

_PARTIAL = 0.6  # mm, blur of the borders between tissues drawn as whole voxels
_TEXTURE = 0.07  # share by which soft tissue is uneven


@dataclass(frozen=True)
class Head:
    """A made-up head.

    Args:
        grid: Its grid; head coordinates.
        signal: (4, X, Y, Z) float32 in the order of ``MODALITIES``, without noise or bias.
        truth: (X, Y, Z) uint8 label map in BraTS 2023 numbering.
        brain: (X, Y, Z) bool, what skull stripping keeps.
    """

    grid: Grid
    signal: np.ndarray
    truth: np.ndarray
    brain: np.ndarray


def make_head(*, spacing: float = 1.0, seed: int = 0) -> Head:
    """Draw a head with a glioma: the brain of ``make_case`` with the same seed, skull and face.

    Args:
        spacing: Voxel size in mm.
        seed: The same seed gives the same head.
    """
    grid = head_grid(spacing)
    part, window = grid.window(HEAD_BOX)
    plan = make_plan(seed=seed)
    points, pressure = push_aside(individual_points(part, seed=seed), plan)
    anatomy = make_anatomy(part, points, squeeze=1 - 0.7 * pressure, seed=seed)
    tumour = grow(part, part.points, anatomy, plan, seed=seed)
    brain, truth = np.zeros(grid.shape, bool), np.zeros(grid.shape, np.uint8)
    brain[window], truth[window] = anatomy.mask, tumour.labels * anatomy.mask
    tissues = _tissues(grid, window, anatomy, seed=seed)
    signal = _signal(grid, window, tissues, anatomy, tumour, seed=seed)
    return Head(grid, signal, truth, brain)


def head_grid(spacing: float) -> Grid:
    """A grid over the whole head and neck."""
    low, high = np.array(HEAD_AND_NECK).T
    shape = tuple(int(n) for n in (high - low) // spacing)
    return Grid(tuple(map(float, low + spacing / 2)), (spacing,) * 3, shape)


def _tissues(grid: Grid, window: tuple[slice, ...], anatomy: Anatomy, *, seed: int) -> np.ndarray:
    hull = np.zeros(grid.shape, bool)
    hull[window] = anatomy.hull < 0
    return lay_out(make_scaffold(grid, hull, seed=seed), seed=seed)


def _signal(
    grid: Grid,
    window: tuple[slice, ...],
    tissues: np.ndarray,
    anatomy: Anatomy,
    tumour: Tumour,
    *,
    seed: int,
) -> np.ndarray:
    """Tissues outside the brain by the table, the brain as the sample has it, borders blurred."""
    texture = 1 + _TEXTURE * smooth_noise(
        grid, scale=2.5, seed=seed, name="soft", box=HEAD_AND_NECK
    )
    inside = tissues[window] == Tissue.BRAIN
    signal = np.empty((4, *grid.shape), np.float32)
    for channel, brain in enumerate(
        clean_signals(window_grid(grid, window), anatomy, tumour, seed=seed)
    ):
        picture = signal_table(channel)[tissues] * texture
        picture[window][inside] = brain[inside]
        signal[channel] = ndimage.gaussian_filter(picture, [_PARTIAL / s for s in grid.spacing])
    return signal


def window_grid(grid: Grid, window: tuple[slice, ...]) -> Grid:
    """The part of a grid in a window."""
    first = tuple(float(grid.axis(n)[part.start]) for n, part in enumerate(window))
    return Grid(first, grid.spacing, tuple(part.stop - part.start for part in window))
