"""Values out of a header: what is missing or malformed is None or empty, never an exception.

pydicom decodes on access, so a wrong value of one element must not cost the file. Its messages
quote values, which may name a person: they are neither logged nor shown.
"""

import logging
import math
import warnings
from collections.abc import Iterable
from typing import TypeAlias

import pydicom
from pydicom.dataset import Dataset

from common import axes
from inference.dicom.file_headers.free_text import one_line

Pair: TypeAlias = tuple[float, float]
Triple: TypeAlias = tuple[float, float, float]
Sextuple: TypeAlias = tuple[float, float, float, float, float, float]

_LOGGERS = ("pydicom", "highdicom")
_QUOTE_VALUES = r"(pydicom|highdicom|inference\.dicom|inference\.dicom_objects)(\.|$)"


def silence_pydicom() -> None:
    """Keep pydicom and highdicom from logging or warning of values.

    Called before files are read and before objects are made of what was read.
    """
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
    warnings.filterwarnings("ignore", module=_QUOTE_VALUES)


def value(dataset: Dataset, keyword: str) -> object | None:
    """The value of an element, or None where it is missing, empty or cannot be decoded."""
    try:
        found = dataset.get(keyword)
    except Exception:
        return None
    return None if found is None or found == "" else found


def text(dataset: Dataset, keyword: str) -> str:
    """One line of text; several values are joined by a backslash, as the file has them."""
    return "\\".join(texts(dataset, keyword))


def texts(dataset: Dataset, keyword: str) -> tuple[str, ...]:
    """The values as text, without control characters and padding."""
    found = value(dataset, keyword)
    if found is None:
        return ()
    if isinstance(found, str | bytes) or not isinstance(found, Iterable):
        return (one_line(str(found)),)
    return tuple(one_line(str(part)) for part in found if part is not None)


def pair(dataset: Dataset, keyword: str) -> Pair | None:
    """Exactly two finite numbers, or None."""
    found = _finite(value(dataset, keyword), 2)
    return (found[0], found[1]) if found else None


def triple(dataset: Dataset, keyword: str) -> Triple | None:
    """Exactly three finite numbers, or None."""
    found = _finite(value(dataset, keyword), 3)
    return axes.triple(found) if found else None


def sextuple(dataset: Dataset, keyword: str) -> Sextuple | None:
    """Exactly six finite numbers, or None."""
    found = _finite(value(dataset, keyword), 6)
    return (*axes.triple(found[:3]), *axes.triple(found[3:])) if found else None


def number(dataset: Dataset, keyword: str) -> float | None:
    """One finite number (the first of several), or None."""
    found = _finite([first(value(dataset, keyword))], 1)
    return found[0] if found else None


def _finite(found: object, count: int) -> tuple[float, ...] | None:
    if not isinstance(found, Iterable):
        return None
    try:
        given = tuple(float(part) for part in found)
    except (TypeError, ValueError):
        return None
    return given if len(given) == count and all(map(math.isfinite, given)) else None


def integer(dataset: Dataset, keyword: str) -> int | None:
    """One whole number, or None."""
    found = number(dataset, keyword)
    return None if found is None else int(found)


def items(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    """The items of a sequence; none where it is missing or is none."""
    found = value(dataset, keyword)
    if not isinstance(found, pydicom.Sequence):
        return ()
    return tuple(found)


def first(found: object) -> object:
    """The first of several values, or the only one."""
    if isinstance(found, pydicom.multival.MultiValue | list | tuple):
        return found[0] if len(found) else None
    return found
