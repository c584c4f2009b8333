"""From slices to a volume: their order along the normal, their distance, and what is missing.

Places come from ImagePositionPatient alone: SliceThickness and SpacingBetweenSlices are rounded or
wrong, and numbers of slices follow no rule.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from common.axes import triple
from inference.dicom.file_headers.frames import Frame
from inference.dicom.file_headers.values import Sextuple, Triple

MIN_SLICES: Final = 4
FEW_SLICES: Final = 8
_MAX_SLICES: Final = 4096
_TOLERANCE_MM: Final = 0.05
_TOLERANCE: Final = 0.01  # of the distance of two slices
# Slices may drift sideways by so much over the whole stack before it counts as tilted.
_DRIFT_MM: Final = 0.5
_TO_RAS = np.diag([-1.0, -1.0, 1.0])


@dataclass(frozen=True)
class Stack:
    """The slices of one volume in order.

    Args:
        slices: From the first to the last along the normal; None where one is missing.
        affine: (4, 4) (column, row, slice) to RAS mm; None where the places do not make one.
        refusal: Why it cannot be read as a volume; in words that follow the series' name.
        warnings: What was made up for, likewise.
    """

    slices: tuple[Frame | None, ...]
    affine: np.ndarray | None = None
    refusal: str | None = None
    warnings: tuple[str, ...] = ()


def along_normal(frame: Frame) -> float:
    """Where a slice lies along the normal of its plane, in mm."""
    position, orientation, _ = frame.place
    return sum(n * p for n, p in zip(_normal(orientation), position, strict=True))


def stacked(frames: Sequence[Frame]) -> Stack:
    """Put slices of one orientation, no two at one place, in order.

    Args:
        frames: One or more; all have position, orientation and spacing.
    """
    ordered = sorted(frames, key=along_normal)
    if len(ordered) < MIN_SLICES:
        return Stack(tuple(ordered), None, _too_few(len(ordered)))
    gaps = np.diff([along_normal(frame) for frame in ordered])
    steps = _steps(gaps)
    if steps is None:
        return Stack(
            tuple(ordered),
            None,
            f"has slices at uneven distances, from {gaps.min():.4g} to {gaps.max():.4g} mm; "
            "one distance is needed",
        )
    slices = _with_holes(ordered, steps)
    affine = _affine(ordered, len(slices))
    if _drift_mm(ordered) > _DRIFT_MM:
        return Stack(
            slices,
            None,
            "is a tilted stack: its slices are shifted against each other; give one whose slices "
            "lie straight behind each other",
        )
    return _judged(slices, affine)


def _judged(slices: tuple[Frame | None, ...], affine: np.ndarray) -> Stack:
    """Say what is missing; one slice can be filled from its neighbours, more cannot."""
    holes = [place for place, frame in enumerate(slices) if frame is None]
    if len(holes) > 1:
        places = f"{_place(slices, holes[0])}, and {len(holes) - 1} more"
        return Stack(slices, affine, f"{places}; export the series again")
    filled = "; it is filled with the mean of its neighbours"
    warnings = tuple(f"{_place(slices, hole)}{filled}" for hole in holes)
    if len(slices) < FEW_SLICES:
        extent = float(np.linalg.norm(affine[:3, 2])) * len(slices)
        warnings += (f"has only {len(slices)} slices, which cover {extent:.0f} mm",)
    return Stack(slices, affine, None, warnings)


def _place(slices: Sequence[Frame | None], hole: int) -> str:
    """Such as ``slice 17 of 26 is missing, between 34.5 and 45.5 mm``, along the normal."""
    before = next(frame for frame in slices[hole::-1] if frame)
    after = next(frame for frame in slices[hole:] if frame)
    ends = " and ".join(f"{along_normal(frame):.1f}" for frame in (before, after))
    return f"slice {hole + 1} of {len(slices)} is missing, between {ends} mm"


def _too_few(n_slices: int) -> str:
    slices = "slice" if n_slices == 1 else "slices"
    return f"has only {n_slices} {slices} in one plane; a volume has at least {MIN_SLICES}"


def _steps(gaps: np.ndarray) -> np.ndarray | None:
    """How many slice distances each gap is, or None where they are no whole multiples."""
    least = float(np.median(gaps[gaps <= gaps.min() * 1.2]))
    steps = np.round(gaps / least)
    even = np.abs(gaps - steps * least) <= np.maximum(_TOLERANCE_MM, _TOLERANCE * least) * steps
    return steps.astype(int) if even.all() and steps.sum() < _MAX_SLICES else None


def _with_holes(ordered: Sequence[Frame], steps: np.ndarray) -> tuple[Frame | None, ...]:
    slices: list[Frame | None] = [ordered[0]]
    for frame, step in zip(ordered[1:], steps, strict=True):
        slices += [None] * (int(step) - 1) + [frame]
    return tuple(slices)


def _affine(ordered: Sequence[Frame], n_slices: int) -> np.ndarray:
    """LPS, as DICOM has it, turned into RAS; one slice's step is that of the positions."""
    first, last = ordered[0].place, ordered[-1].place
    along_row, along_column = np.array(first.orientation).reshape(2, 3)
    between_rows, between_columns = first.spacing
    shift = np.array(last.position) - np.array(first.position)
    affine = np.eye(4)
    affine[:3, 0] = along_row * between_columns
    affine[:3, 1] = along_column * between_rows
    affine[:3, 2] = shift / (n_slices - 1)
    affine[:3, 3] = first.position
    affine[:3] = _TO_RAS @ affine[:3]
    return affine


def _drift_mm(ordered: Sequence[Frame]) -> float:
    """How far the slices wander sideways, at most, from the normal through the first."""
    first = ordered[0].place
    normal = np.array(_normal(first.orientation))
    shifts = np.array([frame.place.position for frame in ordered]) - np.array(first.position)
    sideways = shifts - np.outer(shifts @ normal, normal)
    return float(np.linalg.norm(sideways, axis=1).max())


def _normal(orientation: Sextuple) -> Triple:
    """Row by column, of length 1; written out, since numpy takes long over three numbers."""
    a, b, c, d, e, f = orientation
    normal = (b * f - c * e, c * d - a * f, a * e - b * d)
    length = math.hypot(*normal)
    return triple(part / length for part in normal)
