"""A picture of what each step of the preparation did, for a person to judge it by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import resample
from inference.network.preprocess import to_slices
from inference.preparation.native_space import part_of
from inference.preparation.opened_case import OpenedCase
from inference.preparation.poses import reference_of
from inference.preparation.prepare import Preparation
from workspace.display.inline_picture import inline_picture, windowed

_SIDE: Final = 240
_SQUARE_MM: Final = 24
_MASK_COLOUR: Final = (185, 251, 192)


@dataclass(frozen=True)
class StepPicture:
    """A picture and what it shows.

    Args:
        caption: A sentence.
        source: A PNG in a ``data:`` address.
    """

    caption: str
    source: str


def step_pictures(case: OpenedCase) -> Iterator[StepPicture]:
    """Two sequences in a chequerboard before and after they were aligned, and the brain's outline.

    Args:
        case: With its voxels; one that was prepared.
    """
    preparation, examination = case.preparation, case.examination
    if preparation is None or examination is None:
        return
    grid, middle = _middle_slice(preparation)
    first = reference_of(preparation.sequences)
    heads = {
        name: _read(examination.images[name].voxels, preparation, name, grid, moved=True)
        for name in preparation.sequences
    }
    other = _most_moved(preparation, first)
    if other is not None:
        names = f"{MODALITY_NAMES[first]} and {MODALITY_NAMES[other]}"
        still = _read(examination.images[other].voxels, preparation, other, grid, moved=False)
        before = _chequerboard(heads[first], still)
        after = _chequerboard(heads[first], heads[other])
        yield StepPicture(
            f"{names} where their headers place them", inline_picture(_grey(before), longest=_SIDE)
        )
        yield StepPicture(
            f"{names} after they were aligned", inline_picture(_grey(after), longest=_SIDE)
        )
    outlined = _outlined(windowed(heads[first]), _looked_at(preparation.brain[:, :, middle]))
    yield StepPicture(
        f"The brain found, on {MODALITY_NAMES[first]}", inline_picture(outlined, longest=_SIDE)
    )


def _middle_slice(preparation: Preparation) -> tuple[NativeGrid, int]:
    """The axial slice in which the brain is largest, as a grid of its own, and its index."""
    grid, brain = preparation.case.grid, preparation.brain
    index = int(brain.sum(axis=(0, 1)).argmax())
    x, y, _ = grid.ras_shape
    return part_of(grid, (slice(0, x), slice(0, y), slice(index, index + 1))), index


def _read(
    voxels: np.ndarray, preparation: Preparation, name: str, onto: NativeGrid, *, moved: bool
) -> np.ndarray:
    """(H, W) of one sequence; unmoved, it lies where its header places it beside the reference."""
    sequences = preparation.sequences
    how = sequences[name] if moved else sequences[reference_of(sequences)]
    motion = how.from_working
    flat = resample(voxels.astype(np.float32), of=sequences[name].grid, onto=onto, motion=motion)
    return _looked_at(flat[:, :, 0])


def _looked_at(flat: np.ndarray) -> np.ndarray:
    """(X, Y) to (H, W) as an axial slice is looked at."""
    return to_slices(flat[None, :, :, None])[0, 0]


def _most_moved(preparation: Preparation, first: str) -> str | None:
    others = [name for name in MODALITIES if name in preparation.sequences and name != first]
    poses = {name: preparation.sequences[name].pose for name in others}
    return max(others, key=lambda name: poses[name].shift_mm, default=None)


def _chequerboard(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    rows, columns = np.indices(one.shape) // _SQUARE_MM
    return np.where((rows + columns) % 2 == 0, windowed(one), windowed(other))


def _grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[..., None], 3, axis=2)


def _outlined(greys: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8: the edge of the mask, one voxel wide and inside it."""
    inner = mask.copy()
    for axis in (0, 1):
        for step in (-1, 1):
            inner &= np.roll(mask, step, axis)
    picture = _grey(greys)
    picture[mask & ~inner] = _MASK_COLOUR
    return picture
