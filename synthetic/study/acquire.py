"""What a scanner makes of a head: slices of some thickness, uneven coils, noise in the air too."""

from typing import Final

import numpy as np
from scipy import ndimage

from common.vocabulary import ENHANCING_TUMOUR, NECROTIC_CORE, OEDEMA
from synthetic.fields import stream
from synthetic.grid import Grid
from synthetic.skull import Head
from synthetic.study.planes import Stack
from synthetic.study.protocol import Sequence

_GAIN: Final = 2.6  # stored values for each grey level
_FINE: Final = 1.25  # mm, step over the thickness of a slice
_UNEVEN: Final = 0.12
_LABELS: Final = (NECROTIC_CORE, OEDEMA, ENHANCING_TUMOUR)


def acquire(head: Head, sequence: Sequence, stack: Stack, *, seed: int) -> np.ndarray:
    """(columns, rows, slices) uint16 stored values of one stack."""
    signal = _GAIN * average(head.signal[sequence.channel], head.grid, stack, sequence.pose)
    rng = stream(seed, f"{sequence.key} {stack.plane}")
    signal *= _coils(stack, rng)
    real, imaginary = (
        np.float32(sequence.noise) * rng.standard_normal(signal.shape, np.float32) for _ in range(2)
    )
    return np.rint(np.minimum(np.hypot(signal + real, imaginary), 4095)).astype(np.uint16)


def diffusion(head: Head, sequence: Sequence, stack: Stack) -> np.ndarray:
    """(columns, rows, slices) uint16 ADC in 1e-6 mm²/s, 0 outside the brain.

    Taken from T2, with which it rises from white matter to CSF: a picture, not a measurement.
    """
    coefficient = 750 + 15.5 * (head.signal[sequence.channel] - 60)
    map_ = average(np.where(head.brain, coefficient, 0), head.grid, stack, sequence.pose)
    return np.rint(np.clip(map_, 0, 4095)).astype(np.uint16)


def labels_on(head: Head, stack: Stack, pose: np.ndarray) -> np.ndarray:
    """(columns, rows, slices) uint8 truth on a sequence's own grid, the class with most share."""
    tumour, grid = _cut_out(head.truth, head.grid)
    shares = [average(tumour == label, grid, stack, pose) for label in _LABELS]
    shares.insert(0, 1 - sum(shares))
    return np.array((0, *_LABELS), np.uint8)[np.argmax(shares, axis=0)]


def brain_on(head: Head, stack: Stack, pose: np.ndarray) -> np.ndarray:
    """(columns, rows, slices) uint8, 1 where more than half is brain."""
    return (average(head.brain, head.grid, stack, pose) > 0.5).astype(np.uint8)


def average(image: np.ndarray, grid: Grid, stack: Stack, pose: np.ndarray) -> np.ndarray:
    """(columns, rows, slices) float32 mean of an image over each voxel's slice thickness."""
    steps = max(1, round(stack.thickness / _FINE))
    to_index = np.linalg.inv(np.diag((*grid.spacing, 1.0)))
    to_index[:3, 3] = -np.array(grid.first) / grid.spacing
    index_of_voxel = to_index @ np.linalg.inv(pose) @ stack.affine
    image = np.ascontiguousarray(image, np.float32)
    total = np.zeros(stack.shape, np.float32)
    for step in range(steps):
        part = ((step + 0.5) / steps - 0.5) * stack.thickness / stack.distance
        offset = (index_of_voxel @ (0, 0, part, 1))[:3]
        total += ndimage.affine_transform(
            image, index_of_voxel[:3, :3], offset, stack.shape, order=1, cval=0.0
        )
    return total / np.float32(steps)


def _cut_out(labels: np.ndarray, grid: Grid) -> tuple[np.ndarray, Grid]:
    """The labels with a border of background, and their grid: most of a head is neither."""
    (box,) = ndimage.find_objects((labels > 0).astype(np.uint8))
    box = tuple(slice(max(0, part.start - 1), part.stop + 1) for part in box)
    first = tuple(float(grid.axis(number)[part.start]) for number, part in enumerate(box))
    part = labels[box]
    return part, Grid(first, grid.spacing, part.shape)


def _coils(stack: Stack, rng: np.random.Generator) -> np.ndarray:
    """(columns, rows, slices) smooth sensitivity about 1."""
    x, y, z = np.meshgrid(
        *[np.linspace(-1, 1, n, dtype=np.float32) for n in stack.shape], indexing="ij", sparse=True
    )
    a, b, c, d = rng.uniform(-1, 1, 4).astype(np.float32)
    return 1 + np.float32(_UNEVEN) * (a * x + b * y + c * z + 0.5 * d * x * y + x**2 + y**2 - 0.5)
