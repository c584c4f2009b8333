"""Random smooth fields: the source of everything irregular in a synthetic head.

A field is white noise on a coarse lattice, blurred by a Gaussian that is evaluated exactly where
it is asked for. The lattice is fixed in millimetres, so a small test grid shows the same head as
the full one.
"""

import zlib

import numpy as np
from scipy import ndimage
from scipy.sparse import csr_array

from synthetic.grid import HEAD_BOX, Box, Grid

_LATTICE = 0.7  # distance of the nodes, in units of the scale; at 1 their axes begin to show
_MARGIN = 3.5  # how far a node is felt, in units of the scale


def stream(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one named thing: adding another leaves them as they are."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def smooth_noise(
    grid: Grid, *, scale: float, seed: int, name: str, box: Box = HEAD_BOX
) -> np.ndarray:
    """Gaussian random field of zero mean and unit variance.

    Args:
        grid: Where to evaluate the field.
        scale: Standard deviation in mm of the blur, about a sixth of the wavelength.
        seed: Seed of the case.
        name: Name of the field; another name gives an independent field.
        box: Part of space in mm that the field fills, the grid within it; another box gives
            another field.

    Returns:
        float32 array of the grid's shape.
    """
    weights = [_blur_weights(grid.axis(number), box[number], scale) for number in range(3)]
    field = stream(seed, name).standard_normal([w.shape[1] for w in weights], np.float32)
    for blur in weights:
        # Along the first axis, which then goes last: after three turns the order is X, Y, Z again.
        rows = blur @ field.reshape(field.shape[0], -1)
        field = np.moveaxis(rows.reshape(-1, *field.shape[1:]), 0, -1)
    return np.ascontiguousarray(field)


def band_noise(grid: Grid, *, scale: float, seed: int, name: str) -> np.ndarray:
    """A random field whose zero set has an even spacing, about four scales, as gyri have."""
    fine = smooth_noise(grid, scale=scale, seed=seed, name=name)
    coarse = ndimage.gaussian_filter(fine, [1.2 * scale / step for step in grid.spacing])
    band = fine - coarse
    return band / band.std()


def sample(field: np.ndarray, grid: Grid, points: list[np.ndarray]) -> np.ndarray:
    """Linear interpolation of a field at points given in mm."""
    index = [
        (position - first) / step
        for position, first, step in zip(points, grid.first, grid.spacing, strict=True)
    ]
    return ndimage.map_coordinates(field, index, order=1, mode="nearest", output=np.float32)


def ramp(distance: np.ndarray, *, width: float) -> np.ndarray:
    """Signed distance in mm to membership: 1 inside (negative), 0 outside, smooth between."""
    return 1.0 / (1.0 + np.exp(np.clip(distance * np.float32(4.0 / width), -30, 30)))


def _blur_weights(positions: np.ndarray, extent: tuple[float, float], scale: float) -> csr_array:
    """(positions, nodes) float32 weights that give unit variance at every position."""
    step = scale * _LATTICE
    nodes = np.arange(extent[0] - _MARGIN * scale, extent[1] + _MARGIN * scale, step)
    away = np.abs(positions[:, None] - nodes) / scale
    weights = np.where(away < _MARGIN, np.exp(-0.5 * away**2), 0)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return csr_array(weights.astype(np.float32))
