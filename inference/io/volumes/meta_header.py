"""What the text of a MetaImage header says, held against its rules before ITK acts on it.

ITK's reader writes of a damaged header on stderr, which is not its to write, and reads on.
https://itk.org/Wiki/ITK/MetaIO/Documentation
"""

import math
import re
from dataclasses import dataclass
from typing import Final

import numpy as np

_LINE: Final = re.compile(rb"^\s*([A-Za-z]\w*)\s*=[ \t]*(.*?)\s*$", re.MULTILINE)
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
_MOST_AXES: Final = 5
# Each with a number an axis, and one with as many for each of them.
_OF_AXES: Final = ("ElementSpacing", "ElementSize", "Offset", "Origin", "Position")
_SQUARE: Final = ("TransformMatrix", "Rotation", "Orientation")
_MSB: Final = ("BinaryDataByteOrderMSB", "ElementByteOrderMSB")


@dataclass(frozen=True)
class MetaHeader:
    """What a header says of the numbers.

    Args:
        dtype: Theirs, with its byte order.
        packed: Whether they are compressed, by zlib.
        binary: Whether they are not written as text.
        skipped: Bytes before them in a file of their own; -1 where they are its last.
    """

    dtype: np.dtype
    packed: bool
    binary: bool
    skipped: int

    @property
    def big_endian(self) -> bool:
        """Whether the most significant byte of a number comes first."""
        return self.dtype.byteorder == ">"


def meta_header(head: bytes) -> MetaHeader | None:
    """Read the lines of a header.

    Args:
        head: The first bytes of the file, all of the header among them.

    Returns:
        None where it is damaged.
    """
    end = head.find(b"\n", max(head.find(b"ElementDataFile"), 0))
    lines = {k.decode("ascii"): v.decode("latin-1") for k, v in _LINE.findall(head[: end + 1])}
    try:
        return _checked(lines)
    except (KeyError, ValueError, OverflowError):
        return None


def _checked(lines: dict[str, str]) -> MetaHeader:
    """As :func:`meta_header`; KeyError for what is missing, ValueError for what makes no sense."""
    axes = int(lines["NDims"])
    sizes = [int(size) for size in lines["DimSize"].split()]
    if not 1 <= axes <= _MOST_AXES or len(sizes) != axes or min(sizes) < 1:
        raise ValueError
    for keys, count in ((_OF_AXES, axes), (_SQUARE, axes * axes)):
        for key in keys:
            numbers = [float(number) for number in lines.get(key, "").split()]
            if key in lines and (len(numbers) != count or not all(map(math.isfinite, numbers))):
                raise ValueError
    if int(lines.get("ElementNumberOfChannels", 1)) < 1:
        raise ValueError
    kind = lines["ElementType"].removesuffix("_ARRAY")
    order = ">" if any(_is_true(lines.get(key, "")) for key in _MSB) else "<"
    return MetaHeader(
        np.dtype(order + _TYPES[kind]),
        packed=_is_true(lines.get("CompressedData", "")),
        binary=_is_true(lines.get("BinaryData", "True")),
        skipped=int(lines.get("HeaderSize", 0)),
    )


def _is_true(value: str) -> bool:
    return value[:1].lower() in ("t", "1", "y")
