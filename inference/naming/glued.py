"""Words written as one: ``mpragepost``, ``axt1fsgd``.

BIDS allows no sign within ``acq-mpragepost``, and some consoles none at all. A word is cut only
where every piece is known, one of them speaks of contrast and another of the sequence, so that a
person's name stays whole.
"""

from collections.abc import Iterable, Mapping
from typing import Final

_SHORTEST: Final = 2
# Of two letters too many fit by chance, except these.
_SHORT_BESIDE: Final = {"no", "wo"}
_SPEAK_ALONE: Final = ("agent", "perhaps_agent", "after", "before", "after_alone", "before_alone")
_SPEAK_BESIDE: Final = ("after_beside", "before_beside")
_OF_THE_SEQUENCE: Final = (
    ("modality", ("t1", "t2", "flair", "pd")),
    ("modality_hint", ("t1",)),
    ("understood", ("sequence", "plane")),
)
Terms = tuple[tuple[str, ...], ...]
Lists = Mapping[str, Mapping[str, Terms]]


class GluedWords:
    """Cuts words that are written as one.

    Args:
        lists: Section, entry, and its terms as folded words (``terms.lists``).
    """

    def __init__(self, lists: Lists) -> None:
        contrast = lists["contrast"]
        self._speaks = _single_words(contrast[entry] for entry in _SPEAK_ALONE)
        beside = _single_words(contrast[entry] for entry in _SPEAK_BESIDE)
        self._beside = {word for word in beside if len(word) > _SHORTEST} | _SHORT_BESIDE
        self._sequence = _single_words(
            lists[section][entry] for section, entries in _OF_THE_SEQUENCE for entry in entries
        )
        self._pieces = self._speaks | self._beside | self._sequence

    def cut(self, chunk: str) -> list[str] | None:
        """The fewest known words that a chunk is made of, as said above; None where it is not."""
        fewest: dict[int, list[str]] = {0: []}
        for end in range(_SHORTEST, len(chunk) + 1):
            ways = [
                [*fewest[start], chunk[start:end]]
                for start in range(end - _SHORTEST + 1)
                if start in fewest and chunk[start:end] in self._pieces
            ]
            if ways:
                fewest[end] = min(ways, key=len)
        found = set(fewest.get(len(chunk), ()))
        return fewest[len(chunk)] if found & self._speaks and found & self._sequence else None


def _single_words(entries: Iterable[Terms]) -> set[str]:
    terms = (term for entry in entries for term in entry)
    words = {term[0].rstrip("*") for term in terms if len(term) == 1}
    return {word for word in words if len(word) >= _SHORTEST}
