"""Free text without the words that name a person, and without dates."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

# A word of letters and digits with what stands before it; then a run of letters inside a word.
_WORD: Final = re.compile(r"[\W_]*[^\W_]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_SEPARATORS: Final = re.compile(r"[\W_]+")
# What parted a word that is gone from its neighbour.
_LEADING: Final = re.compile(r"^[\W_]+")
_TRAILING: Final = " ^_-,;("
_DATE: Final = re.compile(
    r"""(?<!\d)(?:
        (?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])
      | (?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])
      | (?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|1[0-2])[-./](?:19|20)\d\d
      | (?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:19|20)\d\d
    )(?!\d)""",
    re.VERBOSE,
)
# A single letter, as an initial or a sex, is in every text.
_FEWEST: Final = 2
_EAST: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def one_line(words: str) -> str:
    """Text without what cannot be printed: breaks, turns of direction, escapes."""
    return re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in words)).strip()


def for_matching(words: str) -> str:
    """Text to look for words in: accents apart from their letters, case folded (NFKD)."""
    return unicodedata.normalize("NFKD", words).casefold()


def without_persons(text: str, persons: Iterable[str]) -> str:
    """A text without the words of these names and numbers, and without dates.

    Whole words alone are taken out, whatever their case and accents: a patient called Tran must
    not make ``trans`` of ``t2_tse_trans``. Chinese, Japanese and Korean write no words apart;
    there a name of two letters or more is taken out wherever it stands.

    Args:
        text: Such as a description of a series.
        persons: Names as DICOM writes them (``"MEIER^HANS"``) and identifiers.

    Returns:
        The text as it was where it holds none of them.
    """
    names = list(persons)
    words = {form for name in names for word in _words(name) for form in _forms(word)}
    without = _DATE.sub("", text)
    for name in _eastern(names):
        without = without.replace(name, "")
    kept = "".join(_kept(without, words))
    return text if kept == text else _LEADING.sub("", kept).rstrip(_TRAILING)


def _kept(text: str, words: set[str]) -> Iterator[str]:
    end = 0
    for match in _WORD.finditer(text):
        end = match.end()
        before, word = _split(match.group())
        if word and _folded(word) in words:
            continue
        yield before + _LETTERS.sub(lambda run: "" if _folded(run[0]) in words else run[0], word)
    yield text[end:]


def _split(piece: str) -> tuple[str, str]:
    before = _SEPARATORS.match(piece)
    start = before.end() if before else 0
    return piece[:start], piece[start:]


def _words(name: str) -> list[str]:
    return [word for word in _SEPARATORS.split(name) if len(word) >= _FEWEST]


def _forms(word: str) -> tuple[str, str]:
    """``"Jürgen"`` as it is compared, without its accent and with it written out."""
    return _folded(word), _folded(unicodedata.normalize("NFC", word).casefold().translate(_UMLAUTS))


def _folded(word: str) -> str:
    return "".join(char for char in for_matching(word) if not unicodedata.combining(char))


def _eastern(names: Iterable[str]) -> list[str]:
    """Names in Chinese, Japanese or Korean, each part and the parts together, longest first."""
    groups = [group.split("^") for name in names for group in name.split("=")]
    parts = {part.strip() for group in groups for part in (*group, "".join(group))}
    found = [part for part in parts if len(part) >= _FEWEST and _EAST.search(part)]
    return sorted(found, key=len, reverse=True)
