"""Files with the numbers of a header beside them: ``.img`` of ``.hdr``, ``.raw`` of ``.mhd``."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.io.names.first_bytes import first_bytes
from inference.io.names.wording import shown
from inference.io.volumes.itk_file import data_file_named

_COMPANION: Final = re.compile(r"\.(img(\.gz)?|raw(\.gz)?|zraw)$", re.IGNORECASE)
_HEADER: Final = re.compile(r"\.(hdr|mhd|nhdr)$", re.IGNORECASE)
_HEAD_BYTES: Final = 4096


def is_companion_name(name: str) -> bool:
    """Whether a file may hold the numbers of a header beside it."""
    return bool(_COMPANION.search(name))


def has_companion(name: str) -> bool:
    """Whether a file may be a header alone."""
    return bool(_HEADER.search(name))


def belongs_to(companion: str, header: str, head: bytes) -> bool:
    """Whether a file of this name holds the numbers of a header.

    Args:
        companion: The name of the file.
        header: The name of the header.
        head: The first bytes of the header.
    """
    same_stem = _COMPANION.sub("", companion).lower() == _HEADER.sub("", header).lower()
    is_pair = header.lower().endswith(".hdr")
    named = None if is_pair else data_file_named(head)
    return same_stem if named is None else named == companion


def companions_of(header: Path) -> list[Path]:
    """The files beside a header that hold its numbers."""
    if not has_companion(header.name):
        return []
    head = first_bytes(header, _HEAD_BYTES)
    return [
        each
        for each in sorted(header.parent.iterdir())
        if is_companion_name(each.name) and belongs_to(each.name, header.name, head)
    ]


def is_companion(path: Path) -> bool:
    """Whether a file holds the numbers of a header beside it."""
    return is_companion_name(path.name) and any(
        belongs_to(path.name, header.name, first_bytes(header, _HEAD_BYTES))
        for header in _headers(path.parent.iterdir())
    )


def data_of_pair(header: Path) -> Path:
    """The ``.img`` of a ``.hdr``.

    Raises:
        InputError: where there is none.
    """
    found = companions_of(header)
    if not found:
        raise InputError(f"{shown(header)} is a header without its .img; give both files.")
    return found[0]


def _headers(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if has_companion(path.name)]
