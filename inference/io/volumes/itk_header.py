"""The rules that the text headers of MetaImage and NRRD share, held against before ITK reads them.

ITK's parsers write lists into fields of a fixed length: ``NDims = 1000000``, or more sizes than
axes, ends the process. So each list has here as many members as there are axes, and nothing is
longer than a line.
"""

import re
from typing import Final

MAX_AXES: Final = 5
MAX_LINE: Final = 1_000
# 3D Slicer keeps how a segmentation was made, and ITK the header of DICOM, in lines of their own.
MAX_OWN_LINE: Final = 16_000
_NUMBER: Final = re.compile(
    r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?nan|[-+]?inf", re.IGNORECASE
)
_WHOLE: Final = re.compile(r"\d{1,9}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f]")


def sound_lines(text: bytes) -> list[str] | None:
    """The lines of a header as ITK tells them apart; None where one breaks the rules of any line.

    No program writes a control character into one.
    """
    # No other byte may come out as a blank, as that of a no-break space would: to ITK it is none.
    lines = text.decode("ascii", "surrogateescape").rstrip("\n").split("\n")
    lines = [line.removesuffix("\r") for line in lines]
    broken = any(_CONTROL.search(line) or len(line) > MAX_OWN_LINE for line in lines)
    return None if broken else lines


def is_whole(value: str) -> bool:
    """Whether it is a whole number from 0 on, of at most nine digits."""
    return bool(_WHOLE.fullmatch(value))


def is_number(value: str) -> bool:
    """Whether it is a number as ITK reads one; NaN and infinite are."""
    return bool(_NUMBER.fullmatch(value))


def are_numbers(value: str, count: int, *, whole: bool = False) -> bool:
    """Whether a line holds so many numbers, and nothing else."""
    parts = value.split()
    fits = len(parts) == count and len(value) <= MAX_LINE
    return fits and all(map(is_whole if whole else is_number, parts))


def has_axes(value: str) -> bool:
    """Whether it is a number of axes that an image here may have."""
    return is_whole(value) and 1 <= int(value) <= MAX_AXES
