"""Which slices of a series make one volume: planes, echoes, b-values and the rest kept apart."""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final

import numpy as np

from inference.dicom.file_headers.frames import Frame
from inference.dicom.volumes.stack import along_normal

# Cosines are written with 4 to 16 digits; .002 is a tenth of a degree.
_SAME_DIRECTION: Final = 0.002
_SAME_PLACE_DECIMALS: Final = 2  # of a millimetre
_NEARLY: Final = 0.01
_FARTHEST_MM: Final = 10_000.0
_SPACING_MM: Final = (0.05, 50.0)
# What tells images of one place apart: phase from magnitude, what Dixon makes of one scan.
_COMPONENTS = frozenset(
    {
        *("M", "P", "R", "I", "MAGNITUDE", "PHASE", "REAL", "IMAGINARY", "PHASE MAP"),
        *("IN_PHASE", "OUT_PHASE", "OPP_PHASE", "INPHASE", "OPPOSED", "IP", "OP", "OPP"),
        *("WATER", "FAT", "W", "F"),
    }
)
_ONLY_WHERE_REPEATED: Final[tuple[Callable[[Frame], Hashable], ...]] = (
    lambda frame: frame.traits.image_type,
    lambda frame: frame.traits.inversion_time_ms,
    lambda frame: frame.traits.temporal,
    lambda frame: frame.traits.gradient,
    lambda frame: frame.traits.stack,
    lambda frame: frame.traits.acquisition,
    lambda frame: frame.traits.trigger_ms,
)


def volumes_of(
    frames: Sequence[Frame], same_pixels: Callable[[Frame, Frame], bool]
) -> tuple[list[list[Frame]], int]:
    """Split a series into volumes.

    Args:
        frames: All of its slices; those without a place make volumes of their own.
        same_pixels: Says whether two slices hold the same pixels, as the files have them.

    Returns:
        The volumes, in the order of the files, and how many copies of slices were dropped.
    """
    volumes, dropped = [], 0
    for group in _by(frames, _always):
        for plane in _by_orientation(group):
            kept = _without_copies(plane, same_pixels)
            dropped += len(plane) - len(kept)
            volumes += _without_repeats(kept)
    return volumes, dropped


def _always(frame: Frame) -> Hashable:
    traits, picture = frame.traits, frame.picture
    echo = None if traits.echo_time_ms is None else round(traits.echo_time_ms, 2)
    spacing = None if frame.spacing is None else tuple(round(mm, 3) for mm in frame.spacing)
    components = tuple(part for part in traits.image_type[2:] if part.upper() in _COMPONENTS)
    size = (picture.rows, picture.columns)
    return (*size, spacing, echo, traits.b_value, components, has_place(frame))


def _by(frames: Iterable[Frame], key: Callable[[Frame], Hashable]) -> list[list[Frame]]:
    groups: dict[Hashable, list[Frame]] = defaultdict(list)
    for frame in frames:
        groups[key(frame)].append(frame)
    return list(groups.values())


def _by_orientation(frames: Sequence[Frame]) -> list[list[Frame]]:
    if not has_place(frames[0]):
        return [list(frames)]
    groups: list[tuple[np.ndarray, list[Frame]]] = []
    for frame in frames:
        direction = np.array(frame.orientation)
        for known, group in groups:
            if np.abs(direction - known).max() < _SAME_DIRECTION:
                group.append(frame)
                break
        else:
            groups.append((direction, [frame]))
    return [group for _, group in groups]


def _without_copies(
    frames: Sequence[Frame], same_pixels: Callable[[Frame, Frame], bool]
) -> list[Frame]:
    """Of slices with one place, one set of traits and the same pixels, the first."""
    kept: list[Frame] = []
    alike: dict[Hashable, list[Frame]] = defaultdict(list)
    for frame in frames:
        others = alike[_place(frame), frame.traits]
        if frame.position is not None and any(same_pixels(frame, other) for other in others):
            continue
        others.append(frame)
        kept.append(frame)
    return kept


def _without_repeats(frames: list[Frame]) -> list[list[Frame]]:
    """Volumes in which no place comes twice, by what sets the slices apart, else by number."""
    groups = [frames]
    for trait in _ONLY_WHERE_REPEATED:
        groups = [part for group in groups for part in _apart(group, trait)]
    return [part for group in groups for part in (_turns(group) if _repeats(group) else [group])]


def _apart(group: list[Frame], trait: Callable[[Frame], Hashable]) -> list[list[Frame]]:
    return _by(group, trait) if _repeats(group) else [group]


def _turns(frames: Sequence[Frame]) -> list[list[Frame]]:
    """The first slice of every place, the second of every place, and so on."""
    seen: dict[Hashable, int] = defaultdict(int)
    turns: dict[int, list[Frame]] = defaultdict(list)
    for frame in sorted(frames, key=lambda frame: frame.number):
        turns[seen[_place(frame)]].append(frame)
        seen[_place(frame)] += 1
    return list(turns.values())


def _repeats(frames: Sequence[Frame]) -> bool:
    if not has_place(frames[0]):
        return False
    return len({_place(frame) for frame in frames}) < len(frames)


def has_place(frame: Frame) -> bool:
    """Whether a header says where a slice lies."""
    if frame.position is None or frame.orientation is None or frame.spacing is None:
        return False
    if max(map(abs, frame.position)) > _FARTHEST_MM or not _usual(frame.spacing):
        return False
    row, column = frame.orientation[:3], frame.orientation[3:]
    cosine = sum(a * b for a, b in zip(row, column, strict=True))
    lengths = (math.hypot(*row), math.hypot(*column))
    return abs(cosine) < _NEARLY and all(abs(length - 1) < _NEARLY for length in lengths)


def _usual(spacing: tuple[float, float]) -> bool:
    return _SPACING_MM[0] <= min(spacing) and max(spacing) <= _SPACING_MM[1]


def _place(frame: Frame) -> Hashable:
    if not has_place(frame):
        return frame.position
    return round(along_normal(frame), _SAME_PLACE_DECIMALS) + 0.0


def same_instance(frame: Frame) -> Hashable:
    """Equal for two copies of one file: the same SOPInstanceUID, frame and place."""
    return (frame.sop_instance_uid or frame.path, frame.index, frame.position)
