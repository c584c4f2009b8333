"""The names in a zip as they were given, whichever encoding they were packed in.

A zip says of a name that it is UTF-8, or nothing: the standard then means code page 437, but
archivers of Windows write the code page of their own country.
"""

import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from typing import Final

_IS_UTF8: Final = 0x800
_STANDARD: Final = "cp437"
# Unicode Path of Info-ZIP: version, checksum of the other name, then this one.
_UNICODE_PATH: Final = 0x7075
_BEFORE_NAME: Final = 5
_CHINESE, _KOREAN = "gb18030", "euc_kr"
# Of names of people and of what their scans are called.
_COMMON_SYLLABLES: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천"
    "방공현함변여추도소석선설마길위명기반왕금옥육인제모국영수철미희경은숙자순준연예환후뇌종상사부검"
    "대나다가라시일월년번호촬동광태재용훈승혜보아윤찬형규복덕춘애란"
)
_ENCODINGS: Final = [
    *("utf_8", "gb18030", "cp932", "big5", "euc_kr", "cp1251", "cp866", "cp1252", "cp1250"),
    *("cp850", "cp437"),
]


def restore_names(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Give entries whose names nothing is said of the names that they were packed with.

    Args:
        entries: All of one zip; changed in place. They can still be opened.
    """
    unsaid = [entry for entry in entries if _is_unsaid(entry)]
    for entry in unsaid:
        entry.filename = _unicode_path(entry) or entry.filename
    unsaid = [entry for entry in unsaid if entry.filename == entry.orig_filename]
    if not unsaid or all(_is_western(entry.filename) for entry in unsaid):
        return
    raw = [entry.filename.encode(_STANDARD) for entry in unsaid]
    encoding = _guess(b"\n".join(raw))
    for entry, name in zip(unsaid, raw, strict=True):
        entry.filename = name.decode(encoding, "replace")


def _is_unsaid(entry: zipfile.ZipInfo) -> bool:
    return not entry.flag_bits & _IS_UTF8 and not entry.filename.isascii()


def _is_western(name: str) -> bool:
    """Whether what is not ASCII are Latin letters, as where code page 437 is right."""
    others = (char for char in name if not char.isascii())
    return all(unicodedata.name(char, "").startswith("LATIN ") for char in others)


def _guess(raw: bytes) -> str:
    from charset_normalizer import from_bytes  # here, since few zips need it

    matches = from_bytes(raw, cp_isolation=_ENCODINGS)
    best = matches.best()
    if best is None:
        return _STANDARD
    equal = {match.encoding for match in matches if match.chaos <= best.chaos}
    if best.encoding == _KOREAN or {_CHINESE, _KOREAN} <= equal:
        return _KOREAN if _reads_like_korean(raw.decode(_KOREAN, "replace")) else _CHINESE
    return best.encoding


def _reads_like_korean(text: str) -> bool:
    """Whether most syllables are common ones: Chinese read as Korean gives those nobody writes."""
    syllables = [char for char in text if "\uac00" <= char <= "\ud7a3"]
    common = sum(char in _COMMON_SYLLABLES for char in syllables)
    return bool(syllables) and 2 * common >= len(syllables)


def _unicode_path(entry: zipfile.ZipInfo) -> str | None:
    extra = entry.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH:
            return field[_BEFORE_NAME:].decode("utf-8", "replace") or None
    return None
