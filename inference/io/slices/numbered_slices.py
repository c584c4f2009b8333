"""Which pictures are the slices of one scan, by the numbers in their names.

``PATIENT_1.tif`` to ``PATIENT_20.tif`` with ``PATIENT_1_mask.tif`` and so on (the public LGG set),
``slice_001.png``, ``IM0001.png`` and ``001.png`` are such series; in a folder ``masks`` they are
masks, whatever their names. Nothing is opened here.
"""

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.io.names.file_names import TRUTH, recognise
from inference.io.names.wording import shown

# A head at 1 mm has 200 slices, at half a millimetre 400.
MAX_SLICES: Final = 512
_EXTENSIONS = {".png": "png", ".jpg": "jpg", ".jpeg": "jpg", ".tif": "tif", ".tiff": "tif"}
# A word may follow the number, as in PATIENT_12_mask; 18 digits are no slice but a time.
_NUMBERED = re.compile(
    r"(?P<stem>.*?)(?<![0-9])(?P<number>[0-9]{1,9})(?P<suffix>(?:[\W_]+(?:[^\W\d_]+|t[12][^\W_]*))*)",
    re.IGNORECASE,
)
_LISTED = 3
_LEAST_ROW = 8
_IMAGES = {"image", "images", "img", "imgs", "scan", "scans", "slice", "slices"}


@dataclass(frozen=True)
class Series:
    """The pictures of the slices of one image, in the order of their numbers.

    Args:
        files: The pictures.
        numbers: The number of each, which rises.
        kind: A modality or ``"truth"`` by the files' names; None where they reveal nothing.
        hint: The same by the name of their folder, for where the files' names reveal nothing.
        folder: The name of their folder, where it reveals what they are.
    """

    files: tuple[Path, ...]
    numbers: tuple[int, ...]
    kind: str | None = None
    hint: str | None = None
    folder: str = ""

    @property
    def path(self) -> Path:
        """A path that names all files at once, such as ``PATIENT_1–20.tif``; no such file is.

        Where the folder reveals what they are it is named too, as in ``masks 1–20.png``.
        """
        first, last = (_parts(file) for file in (self.files[0], self.files[-1]))
        ending = f"{first['suffix']}{self.files[0].suffix}"
        name = f"{first['stem']}{first['number']}–{last['number']}{ending}"
        return self.files[0].with_name(f"{self.folder} {name}".lstrip())

    @property
    def stem(self) -> str:
        """What the names of all files begin with, without the number."""
        return _parts(self.files[0])["stem"]

    @property
    def bare_name(self) -> str:
        """What the names of all files share, as one file's name: ``PATIENT__mask.tif``."""
        first = _parts(self.files[0])
        return f"{first['stem']}{first['suffix']}{self.files[0].suffix}"

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers left out in the middle; none where every second slice is there."""
        return _missing(self.numbers)

    def notes(self) -> tuple[str, ...]:
        """What the user should know of the order of the slices."""
        first, last = self.numbers[0], self.numbers[-1]
        order = (
            f"The slices were taken in the order of their numbers, from {first} to {last}; which "
            "end is up is not known."
        )
        if not self.missing:
            return (order,)
        are = "is" if len(self.missing) == 1 else "are"
        return (
            order,
            f"Among the slices {_in_words(self.missing)} {are} missing; those on either side were "
            "put next to each other.",
        )


Source = Path | Series


def find_series(files: Iterable[Path]) -> list[Series]:
    """The series among files, in the order of their names; other files are left out.

    Raises:
        InputError: where two files of a series have one number, or are of two kinds.
    """
    groups: dict[tuple[Path, str, str], list[Path]] = {}
    for file in files:
        name = _NUMBERED.fullmatch(file.stem)
        if name and file.suffix.lower() in _EXTENSIONS:
            key = (file.parent, name["stem"].lower(), name["suffix"].lower())
            groups.setdefault(key, []).append(file)
    slices = [_slices_among(group) for _, group in sorted(groups.items())]
    return [_series(group) for group in slices if len(group) > 1]


def kind_of_folder(name: str) -> str | None:
    """The modality, or ``"truth"``, that a folder is called; it may be called ``masks`` too."""
    kind = recognise(f"{name}.png")
    if kind is None and recognise(f"{name.rstrip('sS')}.png") == TRUTH:
        return TRUTH
    return kind


def holds_images(name: str) -> bool:
    """Whether a folder is called ``images`` or the like, as beside one of masks."""
    return re.split(r"[\W_]+", name.lower())[-1] in _IMAGES


def check_same_slices(series: Sequence[Series]) -> None:
    """See that the modalities and the truth of a case have the same slices.

    Raises:
        InputError: where one lacks some, with their numbers.
    """
    for one, other in itertools.permutations(series, 2):
        lacking = sorted(set(one.numbers) - set(other.numbers))
        if lacking:
            raise InputError(
                f"{shown(other.path)} has no picture with the {_in_words(lacking)}, which "
                f"{shown(one.path)} has; give one for every slice, or none."
            )


def _slices_among(group: list[Path]) -> list[Path]:
    """The slices among files that differ in their number alone.

    In ``070_flair.png`` the number is a slice's only where a whole row of files begins so: of a few
    each may be a patient's.
    """
    numbers = sorted(map(_number, group))
    steps = {after - before for before, after in itertools.pairwise(numbers)}
    begins_so = not _parts(group[0])["stem"].strip("_- .")
    if begins_so and len(group) >= _LEAST_ROW and len(steps) == 1:
        return group
    return [file for file in group if _is_slice(file, _parts(file))]


def _is_slice(file: Path, name: re.Match[str]) -> bool:
    """The digit of ``case_t1.png`` is no slice, nor is ``patient_1_flair.png``: a patient's."""
    if name["suffix"]:
        return recognise(f"{name['suffix']}{file.suffix}") == TRUTH == recognise(file.name)
    return recognise(file.name) in (None, recognise(f"{name['stem']}{file.suffix}"))


def _series(files: list[Path]) -> Series:
    numbered = sorted((_number(file), file) for file in files)
    for (number, file), (next_number, other) in itertools.pairwise(numbered):
        if number == next_number:
            raise InputError(
                f"{shown(file)} and {shown(other)} are both slice {number}; give each slice once."
            )
    first = numbered[0][1]
    for _, file in numbered:
        if _EXTENSIONS[file.suffix.lower()] != _EXTENSIONS[first.suffix.lower()]:
            raise InputError(
                f"{shown(first)} and {shown(file)} are slices of one scan but pictures of two "
                "kinds; export all slices alike."
            )
    if len(files) > MAX_SLICES:
        raise InputError(
            f"{shown(first)} and the pictures numbered like it are {len(files)}; a scan has at "
            f"most {MAX_SLICES} slices. Give each patient a folder."
        )
    numbers, ordered = zip(*numbered, strict=True)
    folder = first.parent.name
    hint = kind_of_folder(folder)
    return Series(
        ordered,
        numbers,
        # Masks are often called like the images they belong to.
        kind=TRUTH if hint == TRUTH and folder.isalpha() else _kind(first),
        hint=hint,
        folder=folder if hint or holds_images(folder) else "",
    )


def _parts(file: Path) -> re.Match[str]:
    """Stem, number and suffix of the name of a numbered file."""
    parts = _NUMBERED.fullmatch(file.stem)
    if parts is None:
        raise ValueError(f"{file.name} has no number")
    return parts


def _number(file: Path) -> int:
    return int(_parts(file)["number"])


def _kind(file: Path) -> str | None:
    name = _parts(file)
    return recognise(f"{name['suffix'] or name['stem']}{file.suffix}")


def _missing(numbers: Sequence[int]) -> tuple[int, ...]:
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    step = math.gcd(*steps)
    return tuple(
        number
        for before, gap in zip(numbers, steps, strict=False)
        for number in range(before + step, min(before + gap, before + MAX_SLICES * step), step)
    )


def _in_words(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers[:_LISTED]))
    more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
    return f"number{'s' * (len(numbers) > 1)} {listed}{more}"
