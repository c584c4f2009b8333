"""From the file of a truth to a label map in our numbers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from common.errors import InputError
from common.vocabulary import REGION_NAMES, REGIONS
from inference.geometry.averaging import most_common
from inference.geometry.boxes import box_of
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import NEAREST, resample
from inference.io.names.wording import shown
from inference.io.truths.label_conventions import (
    CONVENTIONS,
    convention_by_name,
    detect_convention,
    fitting_conventions,
    read_labels,
)
from inference.io.truths.truth_evidence import (
    Evidence,
    borne_out_alone,
    contradicted,
    evidence_on,
    unlikely_truth,
)
from inference.io.truths.truth_numbers import (
    distinct,
    no_label_map,
    unstretched,
    upright,
    whole_numbers,
)
from inference.io.volumes.checked_file import CheckedFile
from inference.io.volumes.nifti_blocks import read_blocks
from inference.io.volumes.shrunk_file import ShrunkFile
from inference.io.volumes.voxels import native_grid

_NONE: Final = Evidence({}, {})


class DoubtfulTruthError(InputError):
    """A truth whose numbers may mean several things, or that may be none: its user decides.

    Args:
        sentence: What is in doubt, and what to say.
        choices: The names of the conventions that it may be in.
    """

    def __init__(self, sentence: str, choices: Sequence[str]) -> None:
        super().__init__(sentence)
        self.choices = tuple(choices)


@dataclass(frozen=True)
class Truth:
    """A truth as it was read.

    Args:
        labels: (X, Y, Z) uint8 in RAS+ order and BraTS 2023 numbering; None without a truth.
        regions: The regions it covers.
        notes: Sentences on how it was read.
        stored: The same on the voxels of its file, where it was read on larger ones; else None.
    """

    labels: np.ndarray | None = None
    regions: tuple[str, ...] = REGIONS
    notes: tuple[str, ...] = ()
    stored: np.ndarray | None = None


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class TruthNumbers:
    """The numbers of a truth, before anything is known of what they mean.

    Args:
        numbers: (X, Y, Z) uint8 in RAS+ order.
        source: What to call its file.
        names: The names of the files of the case, its own first.
        notes: Sentences on how it was read.
        stored: The numbers on the voxels of the file, where ``numbers`` are those of larger ones.
    """

    numbers: np.ndarray
    source: str
    names: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())
    stored: np.ndarray | None = None


def read_truth(
    file: CheckedFile, convention: str | None, grid: NativeGrid, *, names: Sequence[str] = ()
) -> Truth:
    """Read a label map onto a grid, without images that could tell what its numbers mean.

    Args:
        file: A checked file of one volume.
        convention: One of ``CONVENTIONS``; None to detect it.
        grid: The grid of the case.
        names: The names of the other files of the case.

    Raises:
        DoubtfulTruthError: for values that could mean two things.
        InputError: for values that are no labels.
    """
    return _understood(read_numbers(file, grid, names=names), convention, _NONE)


def read_numbers(file: CheckedFile, grid: NativeGrid, *, names: Sequence[str] = ()) -> TruthNumbers:
    """Read the numbers of a truth onto a grid, by nearest neighbour where it lies on another.

    Args:
        file: As of :func:`read_truth`.
        grid: The grid of the case.
        names: The names of the other files of the case.

    Raises:
        InputError: for values that are no labels.
    """
    source = shown(file.path)
    own = native_grid(file)
    numbers, turned = upright(_stored_numbers(file), source=source)
    numbers, scaled = unstretched(numbers, source=source)
    stored = None
    if own.stored is not None:
        same = own.of_file.differs_from(grid.of_file) is None
        stored, numbers = numbers if same else None, most_common(numbers, own.ras_shape)
    if own.differs_from(grid):
        numbers = resample(numbers, of=own, onto=grid, order=NEAREST)
    notes = tuple(note for note in (turned, scaled) if note)
    return TruthNumbers(numbers, source, (file.path.name, *names), notes, stored)


def _stored_numbers(file: CheckedFile) -> np.ndarray:
    """(X, Y, Z) uint8 on the voxels of the file; what is 0 takes no memory."""
    whole = file.stored if isinstance(file, ShrunkFile) else file
    grid = native_grid(whole)
    numbers = np.zeros(grid.ras_shape, np.uint8)
    target = grid.to_native(numbers)
    slope, inter = whole.header.get_slope_inter()
    for block in read_blocks(whole):
        voxels = block.voxels if slope is None else block.voxels * slope + inter
        found = whole_numbers(voxels, slope=slope, path=whole.path)
        box = box_of(found)
        if box is not None:
            target[..., block.planes][box] = found[box]
    return numbers


def judged_truth(
    read: TruthNumbers,
    convention: str | None,
    volume: np.ndarray,
    present: Collection[str],
    *,
    asks: bool = False,
) -> Truth:
    """What the numbers of a truth mean, and whether it is one, by its names and by the images.

    Args:
        read: Its numbers.
        convention: One of ``CONVENTIONS`` where the user said it; None to find it out.
        volume: (4, X, Y, Z) float32 on the same grid.
        present: The modalities in it.
        asks: Whether the user can be asked about what is unlikely to be a truth.

    Returns:
        The truth; without labels, and with a note, where it is unlikely to be one.

    Raises:
        DoubtfulTruthError: for numbers that could mean two things, and for what is unlikely to be
            a truth where the user can be asked.
    """
    doubt = unlikely_truth(read.numbers, volume)
    if doubt and convention is None:
        if asks:
            raise _unlikely(read, doubt)
        note = (
            f"{read.source} was not used as a truth, since {doubt}: it is a mask of something else "
            "or of another scan. If it is right, say what its numbers mean (--truth-labels)."
        )
        return Truth(notes=(*read.notes, note))
    measured = _NONE if convention else evidence_on(read.numbers, volume, present)
    return _understood(read, convention, measured)


def question_on(values: Collection[int], *, source: str) -> DoubtfulTruthError | None:
    """What has to be asked of the numbers of a truth whatever the images show.

    Args:
        values: The numbers in it.
        source: What to call its file.
    """
    if set(values) - {0} != {1}:
        return None
    return DoubtfulTruthError(
        f"{source} holds only 1 besides 0, which may be the whole tumour or a part of it; "
        "state what it is (--truth-labels whole for the whole tumour).",
        fitting_conventions(values),
    )


def _unlikely(read: TruthNumbers, doubt: str) -> DoubtfulTruthError:
    return DoubtfulTruthError(
        f"{read.source} is unlikely to be a truth, since {doubt}: it may be a mask of something "
        "else or of another scan. If it is right, say what its numbers mean (--truth-labels).",
        fitting_conventions(_values(read)),
    )


def _values(read: TruthNumbers) -> list[int]:
    return [int(value) for value in distinct(read.numbers)]


def _understood(read: TruthNumbers, convention: str | None, measured: Evidence) -> Truth:
    known, why = (convention, "") if convention else _found_out(read, measured)
    regions = CONVENTIONS[known].regions
    notes = [*read.notes, *([why] if why else [])]
    if regions != REGIONS and not why:
        notes.append(_fewer_regions(known, read.source, given=convention is not None))
    labels = _labels(read.numbers, known, read.source)
    stored = None if read.stored is None else _labels(read.stored, known, read.source)
    return Truth(labels, regions, tuple(notes), stored)


def _labels(numbers: np.ndarray, convention: str, source: str) -> np.ndarray:
    """(X, Y, Z) uint8 in BraTS 2023 numbering; what is 0 takes no time and no memory."""
    labels, box = np.zeros(numbers.shape, np.uint8), box_of(numbers)
    if box is not None:
        labels[box] = read_labels(numbers[box], convention, source=source)
    return labels


def _found_out(read: TruthNumbers, measured: Evidence) -> tuple[str, str]:
    """The convention, and a sentence where it is not what the numbers alone would say."""
    values = _values(read)
    usual = detect_convention(values)
    named = convention_by_name(read.names, values)
    expected = named or usual
    if question := question_on(values, source=read.source):
        raise question
    if usual == "whole":
        return usual, ""
    if expected and not contradicted(CONVENTIONS[expected], measured):
        return expected, "" if _alike(expected, usual, values) else _taken(read, expected, "name")
    parts = [name for name in fitting_conventions(values) if CONVENTIONS[name].labels]
    shown_by_images = borne_out_alone(parts, measured)
    if shown_by_images:
        alike = _alike(shown_by_images, usual, values)
        return shown_by_images, "" if alike else _taken(read, shown_by_images, "images")
    if not parts:
        raise no_label_map(values, name=read.names[0])
    raise _asked(read.source, parts)


def _alike(name: str, usual: str | None, values: Sequence[int]) -> bool:
    """Whether a convention means by these numbers what the usual one does."""
    if usual is None:
        return False
    mine, other = CONVENTIONS[name].labels, CONVENTIONS[usual].labels
    return name == usual or all(mine.get(value) == other.get(value) for value in values)


def _taken(read: TruthNumbers, convention: str, by: str) -> str:
    how = "by its name" if by == "name" else "by what the images show where its numbers are"
    return (
        f"The numbers of {read.source} were read as {CONVENTIONS[convention].title}, {how} "
        "(--truth-labels names another meaning)."
    )


def _asked(source: str, parts: Sequence[str]) -> DoubtfulTruthError:
    return DoubtfulTruthError(
        f"{source} holds numbers that may mean several things; say which "
        f"(--truth-labels {' or '.join(parts)}).",
        parts,
    )


def _fewer_regions(convention: str, source: str, *, given: bool) -> str:
    if convention != "whole":
        covered = " and ".join(
            REGION_NAMES[name].lower() for name in CONVENTIONS[convention].regions
        )
        return f"{source} covers the {covered} only: nothing else is scored."
    if given:
        return "The truth is one mask of the whole tumour: only the whole tumour is scored."
    return (
        f"{source} holds only 255 besides 0 and was taken for one mask of the whole tumour: only "
        "the whole tumour is scored."
    )
