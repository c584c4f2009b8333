"""How a series is weighted: T1, T2, FLAIR or another way, by its times and by its name.

Echo, repetition and inversion time have the last word; a name adds what they leave open.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from common.vocabulary import MODALITY_NAMES
from inference.dicom.file_headers.facts import SeriesFacts
from inference.naming.words import NameTerms

KIND_NAMES: Final = {**MODALITY_NAMES, "pd": "proton density", "stir": "STIR"}

_LONG_ECHO_MS: Final = 60.0
_SHORT_ECHO_MS: Final = 30.0
# FLAIR waits 1,600 to 2,900 ms until water gives no signal; at .064 T it waits 1,400.
_WATER_INVERSION_MS: Final = 1200.0
# Fat gives none after 100 to 250 ms.
_FAT_INVERSION_MS: Final = 280.0
_LONG_REPETITION_MS: Final = 1800.0
_SHORT_REPETITION_MS: Final = 1200.0
_T1_INVERSION_MS: Final = (300.0, 1400.0)


class Certainty(StrEnum):
    """How far a weighting, and the role that follows from it, can be relied on."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Weighting:
    """How a series is weighted.

    Args:
        kind: One of ``KIND_NAMES``; never ``"t1c"``, since contrast is no weighting.
        reason: A short sentence without a full stop.
        certainty: Certain or likely.
    """

    kind: str
    reason: str
    certainty: Certainty


def weighting_of(facts: SeriesFacts, name: NameTerms) -> Weighting | None:
    """The weighting that times and name agree on, or the times alone; None where neither says.

    Args:
        facts: How the series was acquired.
        name: What its name says.
    """
    numbers, words = _by_numbers(facts), _by_words(name)
    if numbers is None:
        return words
    if words is None:
        sure = Certainty.LIKELY if numbers.kind == "pd" else numbers.certainty
        return Weighting(numbers.kind, numbers.reason, sure)
    if words.kind == numbers.kind:
        return Weighting(numbers.kind, numbers.reason, Certainty.CERTAIN)
    if (words.kind, numbers.kind) == ("flair", "t2"):
        return Weighting("flair", "FLAIR by its name; the header gives no TI", Certainty.LIKELY)
    if (words.kind, numbers.kind) == ("t1", "pd"):
        return Weighting("t1", "T1 by its name; the header gives no TI", Certainty.LIKELY)
    return Weighting(
        numbers.kind,
        f"{numbers.reason}, though its name says {KIND_NAMES[words.kind]}",
        Certainty.LIKELY,
    )


def _by_numbers(facts: SeriesFacts) -> Weighting | None:
    """What the times allow only one reading of."""
    te, tr, ti = facts.echo_time_ms, facts.repetition_time_ms, facts.inversion_time_ms or None
    if te is None or te <= 0:
        return None
    kind = _kind_by_times(te, tr or 0.0, ti)
    if kind is None:
        return None
    times = times_in_words(facts)
    if kind == "t2" and "IR" in {part.upper() for part in facts.scanning_sequence}:
        return Weighting("flair", f"{times}, inversion recovery: FLAIR", Certainty.LIKELY)
    ending = ": left out" if kind in ("pd", "stir") else ""
    return Weighting(kind, f"{times}: {KIND_NAMES[kind]}{ending}", Certainty.CERTAIN)


def _kind_by_times(te: float, tr: float, ti: float | None) -> str | None:
    if ti is not None and ti < _FAT_INVERSION_MS and tr > _LONG_REPETITION_MS:
        return "stir"
    if te > _LONG_ECHO_MS:
        if ti is not None:
            return "flair" if ti > _WATER_INVERSION_MS else None
        return "t2" if tr > _LONG_REPETITION_MS else None
    if te >= _SHORT_ECHO_MS:
        return None
    low, high = _T1_INVERSION_MS
    if 0 < tr < _SHORT_REPETITION_MS or (ti is not None and low < ti < high):
        return "t1"
    return "pd" if ti is None and tr > _LONG_REPETITION_MS else None


def _by_words(name: NameTerms) -> Weighting | None:
    """A FLAIR may be called T1 or T2 as well: GE's T1-FLAIR is a T1."""
    kinds = set(name.modalities)
    if "flair" in kinds and not {"t1", "t2"} <= kinds:
        kinds -= {"t2"} if "t1" not in kinds else {"flair"}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    ending = ": left out" if kind == "pd" else ""
    return Weighting(kind, f"{KIND_NAMES[kind]} by its name{ending}", Certainty.LIKELY)


def times_in_words(facts: SeriesFacts) -> str:
    """The times that a header gives, such as ``"TE 94 ms, TR 5100 ms"``; "" for none."""
    named = (
        ("TE", facts.echo_time_ms),
        ("TR", facts.repetition_time_ms),
        ("TI", facts.inversion_time_ms or None),
    )
    return ", ".join(f"{name} {value:.4g} ms" for name, value in named if value is not None)
