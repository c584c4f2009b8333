"""The text headers of MetaImage and NRRD, held against their own rules before ITK reads them.

ITK's parsers write lists into fields of a fixed length: ``NDims = 1000000``, or more sizes than
axes, ends the process. So each list has here as many members as there are axes, and nothing is
longer than a line. https://itk.org/Wiki/MetaIO/Documentation; https://teem.sourceforge.net/nrrd/format.html
"""

import re
from typing import Final

MAX_AXES: Final = 5
_MAX_LINE: Final = 1_000
# 3D Slicer keeps how a segmentation was made, and ITK the header of DICOM, in lines of their own.
_MAX_OWN_LINE: Final = 16_000
_MAX_TEXT: Final = 254
_NUMBER: Final = re.compile(
    r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?nan|[-+]?inf", re.IGNORECASE
)
_WHOLE: Final = re.compile(r"\d{1,9}")

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f]")

_META_LINE: Final = re.compile(r"\s*(\w+)\s*[=:]\s*(.*?)\s*")
_META_TYPES: Final = {
    f"MET_{sign}{kind}"
    for sign in ("", "U")
    for kind in ("CHAR", "SHORT", "INT", "LONG", "LONG_LONG")
} | {"MET_FLOAT", "MET_DOUBLE"}
_META_LISTS: Final = {
    **dict.fromkeys(("DimSize", "ElementSize", "ElementSpacing", "CenterOfRotation"), 1),
    **dict.fromkeys(("Offset", "Position", "Origin"), 1),
    **dict.fromkeys(("TransformMatrix", "Rotation", "Orientation"), 2),
}  # fmt: skip
_META_TEXTS: Final = {
    *("ObjectType", "ObjectSubType", "Comment", "Name", "Modality", "AcquisitionDate"),
    *("DistanceUnits", "BinaryData", "BinaryDataByteOrderMSB", "ElementByteOrderMSB"),
    *("CompressedData", "AnatomicalOrientation", "SequenceID", "ElementType", "TransformType"),
}

_NRRD_LINE: Final = re.compile(r"([^:]+): ?(.*)")
_NRRD_LISTS: Final = {
    *("sizes", "spacings", "thicknesses", "axis mins", "axismins", "axis maxs", "axismaxs"),
    *("centers", "centerings", "kinds"),
}
_NRRD_VECTORS: Final = {"space directions", "space origin", "measurement frame"}
_NRRD_QUOTED: Final = {"labels", "units", "space units"}
_NRRD_ENCODINGS: Final = {"raw", "gzip", "gz", "bzip2", "bz2", "txt", "text", "ascii", "hex"}
_VECTORS: Final = re.compile(r"(none|\([^()\s]*\)|\s+)*", re.IGNORECASE)
_VECTOR: Final = re.compile(r"none|\([^()]*\)", re.IGNORECASE)
_QUOTED: Final = re.compile(r"(\"[^\"]{0,100}\"|[^\s\"]{1,100}|\s+)*")


def _lines(text: bytes) -> list[str]:
    """As ITK tells lines apart; no program writes a control character into one."""
    lines = text.decode("latin-1").rstrip("\n").split("\n")
    return [_CONTROL.sub("\0\0", line.removesuffix("\r")) for line in lines]


def meta_is_sound(text: bytes) -> bool:
    """Whether the header of a MetaImage, up to the line of its data, keeps to the rules."""
    fields: dict[str, str] = {}
    for line in _lines(text):
        found = _META_LINE.fullmatch(line)
        if "\0" in line or found is None or found[1] in fields or len(line) > _MAX_OWN_LINE:
            return False
        fields[found[1]] = found[2]
    axes = fields.get("NDims", "")
    if "ElementDataFile" in fields:  # ITK would take this one
        return False
    if not _WHOLE.fullmatch(axes) or not 1 <= int(axes) <= MAX_AXES:
        return False
    before = list(fields)
    lists_follow = all(
        before.index(key) > before.index("NDims") for key in _META_LISTS & fields.keys()
    )
    return lists_follow and all(_meta_field(key, value, int(axes)) for key, value in fields.items())


def _meta_field(key: str, value: str, axes: int) -> bool:
    if key in _META_LISTS:
        return _numbers(value, axes ** _META_LISTS[key], whole=key == "DimSize")
    if key == "ElementType":
        return value in _META_TYPES
    if key == "HeaderSize":
        return value == "-1" or bool(_WHOLE.fullmatch(value))
    if key in ("NDims", "ElementNumberOfChannels"):
        return bool(_WHOLE.fullmatch(value))
    if key == "Color":
        return len(value.split()) <= 4 and all(map(_NUMBER.fullmatch, value.split()))
    return len(value) <= (_MAX_TEXT if key in _META_TEXTS else _MAX_OWN_LINE)


def _numbers(value: str, count: int, *, whole: bool) -> bool:
    parts = value.split()
    kind = _WHOLE if whole else _NUMBER
    return len(parts) == count and len(value) <= _MAX_LINE and all(map(kind.fullmatch, parts))


def nrrd_is_sound(text: bytes, *, size: int) -> bool:
    """Whether the header of a NRRD, up to its first empty line, keeps to the rules.

    Args:
        text: The header.
        size: Bytes of the file that is skipped into.
    """
    fields: dict[str, str] = {}
    for line in _lines(text)[1:]:
        if "\0" in line or len(line) > _MAX_OWN_LINE:
            return False
        name = line.partition(": ")[0]
        if not line or line.startswith("#") or ":=" in name:
            continue
        found = _NRRD_LINE.fullmatch(line)
        key = found[1].lower() if found else ""
        if found is None or key in fields or key != key.strip() or len(line) > _MAX_LINE:
            return False
        fields[key] = found[2].strip()
    if "data file" in fields and "datafile" in fields:
        return False
    axes = fields.get("dimension", "")
    if not _WHOLE.fullmatch(axes) or not 1 <= int(axes) <= MAX_AXES:
        return False
    if fields.get("encoding", "").lower() not in _NRRD_ENCODINGS or "block size" in fields:
        return False
    return all(_nrrd_field(key, value, int(axes), size) for key, value in fields.items())


def _nrrd_field(key: str, value: str, axes: int, size: int) -> bool:
    if key == "sizes":
        return _numbers(value, axes, whole=True)
    if key in _NRRD_LISTS:
        return len(value.split()) == axes
    if key in _NRRD_VECTORS:
        vectors = _VECTOR.findall(value)
        few = all(len(vector.split(",")) <= MAX_AXES for vector in vectors)
        return few and len(vectors) <= axes and bool(_VECTORS.fullmatch(value))
    if key in _NRRD_QUOTED:
        return bool(_QUOTED.fullmatch(value)) and value.count('"') <= 2 * axes
    if key in ("line skip", "lineskip", "byte skip", "byteskip"):
        return value == "-1" or (bool(_WHOLE.fullmatch(value)) and int(value) <= size)
    if key == "space dimension":
        return _WHOLE.fullmatch(value) is not None and int(value) <= MAX_AXES
    return True
