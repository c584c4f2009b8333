"""The text header of a MetaImage, parsed once: held against its rules, then read for its values.

ITK's reader writes of a damaged header on stderr, which is not its to write, and reads on; of one
that breaks the rules it writes over its own memory (:mod:`inference.io.volumes.itk_header`).
https://itk.org/Wiki/ITK/MetaIO/Documentation
"""

import math
import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from inference.io.volumes.itk_header import (
    MAX_OWN_LINE,
    are_numbers,
    has_axes,
    is_number,
    is_whole,
    sound_lines,
)

# The last line: what follows it are the numbers, which may begin with any byte.
_LAST: Final = re.compile(
    rb"^ElementDataFile[ \t]*=[ \t]*([^\r\n]*?)[ \t]*\r?(?:\n|\Z)", re.MULTILINE
)
# ITK carries along what another file's header holds, under names such as dim[0] or 0008|0060.
_LINE: Final = re.compile(r"\s*([^=:]{0,99}[^=:\s])\s*[=:]\s*(.*?)\s*")
_TYPES: Final = {
    "MET_CHAR": "i1",
    "MET_UCHAR": "u1",
    "MET_SHORT": "i2",
    "MET_USHORT": "u2",
    "MET_INT": "i4",
    "MET_UINT": "u4",
    "MET_LONG": "i4",
    "MET_ULONG": "u4",
    "MET_LONG_LONG": "i8",
    "MET_ULONG_LONG": "u8",
    "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}
_PLACES: Final = ("ElementSpacing", "ElementSize", "Offset", "Origin", "Position")
_TURNS: Final = ("TransformMatrix", "Rotation", "Orientation")
_NUMBERS: Final = {
    *("ID", "ParentID", "CompressedDataSize", "ElementNBits", "ElementMin", "ElementMax"),
    *("ElementToIntensityFunctionSlope", "ElementToIntensityFunctionOffset"),
}
# To what power of the number of axes each has members.
_LISTS: Final = {
    **dict.fromkeys(("DimSize", "CenterOfRotation", "SequenceID", *_PLACES), 1),
    **dict.fromkeys(_TURNS, 2),
}
_TEXTS: Final = {
    *("ObjectType", "ObjectSubType", "Comment", "Name", "Modality", "AcquisitionDate"),
    *("DistanceUnits", "BinaryData", "BinaryDataByteOrderMSB", "ElementByteOrderMSB"),
    *("CompressedData", "AnatomicalOrientation", "ElementType", "TransformType"),
}
_MAX_TEXT: Final = 254
_MSB: Final = ("BinaryDataByteOrderMSB", "ElementByteOrderMSB")
_LOCAL: Final = "LOCAL"


@dataclass(frozen=True)
class MetaHeader:
    """What a header says of the numbers.

    Args:
        dtype: Theirs, with its byte order.
        packed: Whether they are compressed, by zlib.
        binary: Whether they are not written as text.
        skipped: Bytes before them in a file of their own; -1 where they are its last.
        length: Bytes of the header.
    """

    dtype: np.dtype
    packed: bool
    binary: bool
    skipped: int
    length: int

    @property
    def big_endian(self) -> bool:
        """Whether the most significant byte of a number comes first."""
        return self.dtype.byteorder == ">"


def is_meta(head: bytes) -> bool:
    """Whether a file that begins so is a MetaImage."""
    return bool(re.match(rb"(ObjectType|NDims|Comment)\b", head)) and b"ElementDataFile" in head


def meta_data_file(head: bytes) -> str | None:
    """The name of the file with the numbers that a header states; None where they follow it."""
    last = _LAST.search(head)
    named = last[1].decode("utf-8", "replace") if last else _LOCAL
    return None if named.upper() == _LOCAL else named


def meta_header(head: bytes) -> MetaHeader | None:
    """Parse a header.

    Args:
        head: The first bytes of the file, all of the header among them.

    Returns:
        None where it is damaged.
    """
    last = _LAST.search(head)
    fields = _sound_fields(head[: last.start()]) if last and last[1] else None
    if last is None or fields is None:
        return None
    try:
        return _values(fields, length=last.end())
    except (KeyError, ValueError, OverflowError):
        return None


def _sound_fields(text: bytes) -> dict[str, str] | None:
    """The lines before the last one, by their names; None where they break a rule."""
    fields: dict[str, str] = {}
    for line in sound_lines(text) or [""]:
        found = _LINE.fullmatch(line)
        if found is None or found[1] in fields:
            return None
        fields[found[1]] = found[2]
    axes = fields.get("NDims", "")
    if not has_axes(axes) or "ElementDataFile" in fields:  # ITK would take this one
        return None
    places = list(fields)
    lists_follow = all(
        places.index(key) > places.index("NDims") for key in _LISTS.keys() & fields.keys()
    )
    sound = all(_field_is_sound(key, value, int(axes)) for key, value in fields.items())
    return fields if lists_follow and sound else None


def _field_is_sound(key: str, value: str, axes: int) -> bool:
    if key in _LISTS:
        return are_numbers(value, axes ** _LISTS[key], whole=key == "DimSize")
    if key == "ElementType":
        return value in _TYPES
    if key == "HeaderSize":
        return value == "-1" or is_whole(value)
    if key in ("NDims", "ElementNumberOfChannels"):
        return is_whole(value)
    if key == "Color":
        return len(value.split()) == 4 and all(map(_is_finite, value.split()))
    if key in _NUMBERS:
        return _is_finite(value)
    return len(value) <= (_MAX_TEXT if key in _TEXTS else MAX_OWN_LINE)


def _is_finite(value: str) -> bool:
    return is_number(value) and math.isfinite(float(value))


def _values(fields: dict[str, str], *, length: int) -> MetaHeader:
    """KeyError for what is missing, ValueError for what makes no sense."""
    if min(map(int, fields["DimSize"].split())) < 1:
        raise ValueError
    in_space = " ".join(fields.get(key, "") for key in (*_PLACES, *_TURNS))
    if not all(map(math.isfinite, map(float, in_space.split()))):
        raise ValueError
    if int(fields.get("ElementNumberOfChannels", 1)) < 1:
        raise ValueError
    order = ">" if any(_is_true(fields.get(key, "")) for key in _MSB) else "<"
    return MetaHeader(
        np.dtype(order + _TYPES[fields["ElementType"]]),
        packed=_is_true(fields.get("CompressedData", "")),
        binary=_is_true(fields.get("BinaryData", "True")),
        skipped=int(fields.get("HeaderSize", 0)),
        length=length,
    )


def _is_true(value: str) -> bool:
    return value[:1].lower() in ("t", "1", "y")
