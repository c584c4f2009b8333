"""The text header of a NRRD, held against its own rules before ITK reads it.

https://teem.sourceforge.net/nrrd/format.html
"""

import re
from typing import Final

from inference.io.volumes.itk_header import (
    MAX_AXES,
    MAX_LINE,
    are_numbers,
    has_axes,
    is_whole,
    sound_lines,
)

_LINE: Final = re.compile(r"([^:]+): ?(.*)")
_LIST_FIELDS: Final = {
    *("sizes", "spacings", "thicknesses", "axis mins", "axismins", "axis maxs", "axismaxs"),
    *("centers", "centerings", "kinds"),
}
_VECTOR_FIELDS: Final = {"space directions", "space origin", "measurement frame"}
_QUOTED_FIELDS: Final = {"labels", "units", "space units"}
_ENCODINGS: Final = {"raw", "gzip", "gz", "bzip2", "bz2", "txt", "text", "ascii", "hex"}
_VECTORS: Final = re.compile(r"(none|\([^()\s]*\)|\s+)*", re.IGNORECASE)
_VECTOR: Final = re.compile(r"none|\([^()]*\)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"(\"[^\"]{0,100}\"|[^\s\"]{1,100}|\s+)*")


def nrrd_is_sound(text: bytes, *, size: int) -> bool:
    """Whether the header of a NRRD, up to its first empty line, keeps to the rules.

    Args:
        text: The header.
        size: Bytes of the file that is skipped into.
    """
    fields: dict[str, str] = {}
    lines = sound_lines(text)
    if lines is None:
        return False
    for line in lines[1:]:
        name = line.partition(": ")[0]
        if not line or line.startswith("#") or ":=" in name:
            continue
        found = _LINE.fullmatch(line)
        key = found[1].lower() if found else ""
        if found is None or key in fields or key != key.strip() or len(line) > MAX_LINE:
            return False
        fields[key] = found[2].strip()
    if "data file" in fields and "datafile" in fields:
        return False
    axes = fields.get("dimension", "")
    if not has_axes(axes):
        return False
    if fields.get("encoding", "").lower() not in _ENCODINGS or "block size" in fields:
        return False
    return all(_field_is_sound(key, value, int(axes), size) for key, value in fields.items())


def _field_is_sound(key: str, value: str, axes: int, size: int) -> bool:
    if key == "sizes":
        return are_numbers(value, axes, whole=True)
    if key in _LIST_FIELDS:
        return len(value.split()) == axes
    if key in _VECTOR_FIELDS:
        vectors = _VECTOR.findall(value)
        few = all(len(vector.split(",")) <= MAX_AXES for vector in vectors)
        return few and len(vectors) <= axes and bool(_VECTORS.fullmatch(value))
    if key in _QUOTED_FIELDS:
        return bool(_QUOTED.fullmatch(value)) and value.count('"') <= 2 * axes
    if key in ("line skip", "lineskip", "byte skip", "byteskip"):
        return value == "-1" or (is_whole(value) and int(value) <= size)
    if key == "space dimension":
        return is_whole(value) and int(value) <= MAX_AXES
    return True
