"""From the file of a truth to a label map in our numbers."""

from dataclasses import dataclass

import numpy as np

from common.errors import InputError
from common.labels import to_brats_2023
from common.vocabulary import REGIONS
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import NEAREST, resample
from inference.io.files.checked_file import CheckedFile
from inference.io.files.nifti_blocks import read_blocks
from inference.io.files.voxels import native_grid
from inference.io.files.wording import shown
from inference.io.label_conventions import CONVENTIONS, detect_convention, read_labels


@dataclass(frozen=True)
class Truth:
    """A truth as it was read.

    Args:
        labels: (X, Y, Z) uint8 in RAS+ order and BraTS 2023 numbering; None without a truth.
        regions: The regions it covers.
        notes: Sentences on how it was read.
    """

    labels: np.ndarray | None = None
    regions: tuple[str, ...] = REGIONS
    notes: tuple[str, ...] = ()


def read_truth(file: CheckedFile, convention: str | None, grid: NativeGrid) -> Truth:
    """Read a label map onto a grid, by nearest neighbour where it lies on another.

    Args:
        file: A checked file of one volume.
        convention: One of ``CONVENTIONS``; None to detect it.
        grid: The grid of the case.

    Raises:
        InputError: for values that are no labels, or that could mean two things.
    """
    own = native_grid(file)
    numbers = np.zeros(own.ras_shape, np.uint8)
    target = own.to_native(numbers)
    slope, inter = file.header.get_slope_inter()
    for block in read_blocks(file):
        voxels = block.voxels if slope is None else block.voxels * slope + inter
        target[..., block.planes] = _as_bytes(voxels, file)
    if own.differs_from(grid):
        numbers = resample(numbers, of=own, onto=grid, order=NEAREST)
    return _in_our_numbers(numbers, convention, source=shown(file.path))


def _as_bytes(voxels: np.ndarray, file: CheckedFile) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        small = voxels.astype(np.uint8)
    if np.array_equal(small, voxels):
        return small
    # Fractions, negative and large numbers: this names the value in its error.
    return to_brats_2023(voxels, source=shown(file.path))


def _in_our_numbers(numbers: np.ndarray, convention: str | None, *, source: str) -> Truth:
    known = convention or _detected(numbers, source=source)
    if known is None:
        return Truth(to_brats_2023(numbers, source=source))
    regions = CONVENTIONS[known].regions
    notes = () if regions == REGIONS else (_one_mask(source, given=convention is not None),)
    return Truth(read_labels(numbers, known, source=source), regions, notes)


def _detected(numbers: np.ndarray, *, source: str) -> str | None:
    """The convention that the values of a truth reveal; None where they are those of BraTS."""
    values = np.unique(numbers)
    convention = detect_convention(values)
    if convention is None and values.max() == 1:
        raise InputError(
            f"{source} holds only 1 besides 0, which may be the whole tumour or a part of it; "
            "state what it is (--truth-labels whole for the whole tumour)."
        )
    return convention


def _one_mask(source: str, *, given: bool) -> str:
    if given:
        return "The truth is one mask of the whole tumour: only the whole tumour is scored."
    return (
        f"{source} holds only 255 besides 0 and was taken for one mask of the whole tumour: only "
        "the whole tumour is scored."
    )
