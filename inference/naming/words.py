"""What the words in the name of a series or a file say: weighting, contrast, what is left out."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from inference.naming.contrast import Contrast, contrast_in
from inference.naming.terms import lists, places, words_of

# The files of a case are asked about several times each.
_NAMES_KEPT: Final = 256


@dataclass(frozen=True)
class NameTerms:
    """What a name says.

    Args:
        modalities: Of ``"t1"``, ``"t2"``, ``"flair"`` and ``"pd"`` those it names.
        contrast: What it says of a contrast agent.
        left_out: Why it is none of the four, as a noun; "" if no word says so.
        reformat: Whether a word calls it a reformat of another series.
        fat_saturated: Whether a word says that fat is dark.
        words: The words it was cut into, as they were compared.
    """

    modalities: frozenset[str]
    contrast: Contrast
    left_out: str
    reformat: bool
    fat_saturated: bool
    words: tuple[str, ...]


@lru_cache(_NAMES_KEPT)
def name_terms(name: str) -> NameTerms:
    """Read the name of a series or of a file without its ending; nothing is refused."""
    words = words_of(name)
    modalities, terms = _modalities(words)
    contrast, spoke_of_it = contrast_in(words)
    terms = tuple("" if place in spoke_of_it else word for place, word in enumerate(terms))
    return NameTerms(
        modalities=modalities,
        contrast=contrast,
        left_out=_left_out(terms, modalities),
        reformat=bool(places(words, "maybe", "reformat")),
        fat_saturated=bool(places(words, "maybe", "fat_saturated")),
        words=words,
    )


def _modalities(words: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The modalities named, and the words without those that are never to be heard."""
    ignored = places(words, "ignored", "words")
    heard = tuple("" if place in ignored else word for place, word in enumerate(words))
    named = {kind for kind in lists()["modality"] if places(heard, "modality", kind)}
    if not named and places(heard, "modality_hint", "t1"):
        named = {"t1"}
    return frozenset(named), heard


def _left_out(words: tuple[str, ...], modalities: frozenset[str]) -> str:
    found = [reason for reason in lists()["left_out"] if places(words, "left_out", reason)]
    if found:
        return found[0]
    if "t2" in modalities and "flair" not in modalities:
        also = lists()["left_out_with_t2"]
        return next((reason for reason in also if places(words, "left_out_with_t2", reason)), "")
    return ""
