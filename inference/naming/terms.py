"""The words of a name, and the lists of terms that they are looked for in (``words.toml``).

A name is folded (no accents, no case, full-width to half-width) and cut into words; only whole
words count, and of Chinese, Japanese and Korean, which write none apart, the longest known ones.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from inference.naming.glued import GluedWords

_LISTS: Final = Path(__file__).with_name("words.toml")
_KEPT_MARKS: Final = {"\u3099", "\u309a"}  # が is another letter than か
_LOOK_ALIKE: Final = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d"})
_CYRILLIC_T: Final = re.compile(r"т(?=[12](?!\d))")
_EAST: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_EAST_RUN: Final = re.compile(rf"[{_EAST}]+")
# Marks that mean something are written out before everything else between words is dropped.
_AGENT: Final = r"(?:gd|gad|gado|km|ce|kl|mdc|contrast|kontrast)"
_BOTH: Final = r"\bw\s*[/+&]\s*(?:w\s*/\s*o|wo)\b|\bw/?o?\s*(?:and|&)\s*w/?o?\b"
_WRITTEN_OUT: Final = (
    (re.compile(r"t2\s*\*"), " t2star "),
    (re.compile(_BOTH), " bothcontrast "),
    (re.compile(r"\bw\s*/\s*o(?:ut)?\b"), " without "),
    (re.compile(r"\bw\s*/"), " with "),
    (re.compile(r"\b[uo]\s*/\s*k\b|\bs\s*/\s*c\b"), " minuscontrast "),
    (re.compile(r"\bm\s*/\s*k\b|\bc\s*/\s*c\b"), " pluscontrast "),
    (re.compile(r"\bk\.\s*([lm])\.?(?!\w)"), r" k\1 "),
    (re.compile(r"\bm\.\s*d\.\s*c\.?(?!\w)"), " mdc "),
    (re.compile(r"(?<![^\W_])iv\+"), " pluscontrast "),
    (re.compile(r"(?<![^\W_])iv-(?!\S)"), " minuscontrast "),
    (re.compile(r"(?<![^\W_])c\s*\+|\+\s*c(?![^\W_])"), " pluscontrast "),
    (re.compile(r"(?<![^\W_])c-(?![^\W_])|(?<!\S)-c(?![^\W_])"), " minuscontrast "),
    (re.compile(rf"(?<!\S)-(?={_AGENT}(?![^\W_]))"), " without "),
    (re.compile(rf"(?<![^\W_])({_AGENT})(?:-(?!\S)|\s*\(\s*-\s*\))"), r"\1 minus "),
    (re.compile(rf"(?<![^\W_])({_AGENT})(?:\+(?!\S)|\s*\(\s*\+\s*\))"), r"\1 plus "),
)
_INNER_CAPITAL: Final = re.compile(r"(?<=[a-z]{3})(?=[A-Z])")
_WORD: Final = re.compile(rf"[{_EAST}]+|[^\W_{_EAST}]+")
_WEIGHTED: Final = re.compile(
    r"(?P<start>se|ax|sag|cor|tra|ce|[23]d)?[se]?(?P<kind>t[12])(?:w|wi|weighted)?(?P<rest>[a-z]*)"
)
_SUBJECT: Final = re.compile(
    r"^sub[-_](?=[^\W_]+[\W_])", re.IGNORECASE
)  # BIDS; elsewhere a subtraction


def fold(text: str) -> str:
    """Text without case, accents and widths; Japanese and Korean letters stay whole."""
    flat = unicodedata.normalize("NFKD", text).casefold().translate(_LOOK_ALIKE)
    kept = (char for char in flat if char in _KEPT_MARKS or not unicodedata.combining(char))
    return _CYRILLIC_T.sub("t", unicodedata.normalize("NFC", "".join(kept)))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, folded, with signs such as ``+C`` and ``w/o`` written out."""
    text = fold(_INNER_CAPITAL.sub(" ", _SUBJECT.sub("", name)))
    for sign, written in _WRITTEN_OUT:
        text = sign.sub(written, text)
    return tuple(word for chunk in _WORD.findall(text) for word in _cut(chunk))


def _cut(chunk: str) -> list[str]:
    if _EAST_RUN.fullmatch(chunk):
        return _cut_east(chunk)
    weighted = _WEIGHTED.fullmatch(chunk)
    if weighted and chunk not in _known_words():
        start, kind, rest = weighted.group("start", "kind", "rest")
        # T1POST is two words; T2X may be a patient.
        if rest in ("", "c") or is_known(rest):
            return [part for part in (start, kind, rest) if part]
    return [chunk] if chunk in _known_words() else _glued_words().cut(chunk) or [chunk]


def _cut_east(run: str) -> list[str]:
    """The longest known word at each place; what is not known goes letter by letter."""
    cut, known = [], _known_words()
    while run:
        length = next((n for n in range(len(run), 1, -1) if run[:n] in known), 1)
        cut.append(run[:length])
        run = run[length:]
    return cut


@cache
def lists() -> dict[str, dict[str, tuple[tuple[str, ...], ...]]]:
    """Section, entry, and its terms as folded words."""
    raw = tomllib.loads(_LISTS.read_text(encoding="utf-8"))
    return {
        section: {
            key: tuple(tuple(fold(term).split()) for term in terms) for key, terms in of.items()
        }
        for section, of in raw.items()
    }


@cache
def _glued_words() -> GluedWords:
    return GluedWords(lists())


@cache
def _known_words() -> frozenset[str]:
    sections = lists().values()
    terms = (term for section in sections for terms in section.values() for term in terms)
    return frozenset(word.rstrip("*") for term in terms for word in term)


@cache
def is_known(word: str) -> bool:
    """Whether a word, folded, stands in any of the lists."""
    terms = (term for section in lists().values() for of in section.values() for term in of)
    return any(_fits(word, part) for term in terms for part in term)


def places(words: tuple[str, ...], section: str, entry: str) -> set[int]:
    """Which words belong to a term of this entry."""
    found: set[int] = set()
    whole, begun = _by_first_word(section, entry)
    for start, first in enumerate(words):
        for term in (*whole.get(first, ()), *begun):
            here = words[start : start + len(term)]
            if len(here) == len(term) and all(map(_fits, here, term)):
                found.update(range(start, start + len(term)))
    return found


@cache
def _by_first_word(
    section: str, entry: str
) -> tuple[dict[str, list[tuple[str, ...]]], list[tuple[str, ...]]]:
    """The terms of an entry by their first word, and those whose first may go on.

    Of thousands of files every name is compared with every term.
    """
    whole: dict[str, list[tuple[str, ...]]] = {}
    begun = []
    for term in filter(None, lists()[section][entry]):
        if term[0].endswith("*"):
            begun.append(term)
        else:
            whole.setdefault(term[0], []).append(term)
    return whole, begun


def _fits(word: str, term: str) -> bool:
    return word.startswith(term[:-1]) if term.endswith("*") else word == term
