"""What the numbers of a truth mean. Where they could mean two things, the user decides.

BraTS has numbered the enhancing tumour 4 (to 2021) and 3 (from 2023), with the resection cavity as
4 from 2024 on; its pediatric part, the Medical Segmentation Decathlon and HD-GLIO number the parts
in ways of their own; most slices come with one mask.
"""

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from common.errors import InputError
from common.vocabulary import OEDEMA
from inference.io.truths.conventions import CONVENTIONS as CONVENTIONS
from inference.io.truths.conventions import Convention as Convention

# Since 2023 names of BraTS have dashes; there an enhancing tumour is never 4.
_BY_NAME: Final = (
    (re.compile(r"BraTS[-_ ]?PEDs?\b|BraTS-PED", re.IGNORECASE), "brats-ped"),
    (re.compile(r"^BRATS_[0-9]{3}\b"), "decathlon"),
    (re.compile(r"HD[-_ ]?GLIO", re.IGNORECASE), "hd-glio"),
    (re.compile(r"BraTS-[A-Z]{2,4}-[0-9]", re.IGNORECASE), "brats2024"),
)


def convention_by_name(names: Iterable[str], values: Iterable[float]) -> str | None:
    """The convention that files are known for by their names, where it knows every value."""
    fitting = fitting_conventions(values)
    for name in names:
        found = next((known for pattern, known in _BY_NAME if pattern.search(name)), None)
        if found in fitting:
            return found
    return None


def detect_convention(values: Iterable[float]) -> str | None:
    """The convention that a truth's values reveal; None where the user must decide.

    A 4 is BraTS to 2021, a 3 or a 2 without a 4 is read as BraTS from 2023, as is an empty map. 255
    alone is the white of a picture, which no numbering of parts knows: one mask. A 1 alone may be a
    part or the whole.
    """
    found = {float(value) for value in values} - {0.0}
    if found == {255.0}:
        return "whole"
    if found == {1.0} or not found <= {1.0, 2.0, 3.0, 4.0} or {3.0, 4.0} <= found:
        return None
    return "brats2021" if 4.0 in found else "brats2023"


def fitting_conventions(values: Iterable[float]) -> list[str]:
    """The names of the conventions that know every value."""
    found = {float(value) for value in values} - {0.0}
    return [
        name
        for name, convention in CONVENTIONS.items()
        if not convention.labels or found <= set(map(float, convention.labels))
    ]


def is_label_map(values: np.ndarray) -> bool:
    """Whether these distinct values, (n,), could be the numbers of a truth."""
    return values.size <= 5 and bool(np.isin(values, (0, 1, 2, 3, 4, 255)).all())


def read_labels(labels: np.ndarray, name: str, *, source: str) -> np.ndarray:
    """Numbers of any shape in one of ``CONVENTIONS`` to a uint8 label map in BraTS 2023 numbering.

    Args:
        labels: Numbers as the file has them.
        name: Which convention.
        source: What the error calls the map, usually its file name.

    Raises:
        InputError: for a value that the convention does not know.
        KeyError: for a convention that is not known.
    """
    convention = CONVENTIONS[name]
    if not convention.labels:
        return np.where(labels != 0, np.uint8(OEDEMA), np.uint8(0))
    meant = np.zeros(labels.shape, np.uint8)
    known = labels == 0
    for value, label in convention.labels.items():
        here = labels == value
        meant[here] = label
        known |= here
    if not known.all():
        strange = f"{np.asarray(labels)[~known].flat[0]:g}"
        raise InputError(
            f"{source} holds the value {strange}, which “{convention.title}” does not know; "
            "choose what its numbers mean."
        )
    return meant
