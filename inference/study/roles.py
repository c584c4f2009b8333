"""What one series is: T1, T1 after contrast, T2, FLAIR or none of them, and why.

Echo, repetition and inversion time have the last word between T1, T2 and FLAIR; words decide on
contrast and on what is left out. dcm2niix's own guess is not used: its author advises against it
(https://github.com/rordenlab/dcm2niix/issues/756) and it knows no T1 after contrast.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from common.vocabulary import MODALITY_NAMES
from inference.dicom.facts import SeriesFacts
from inference.study.contrast import Contrast
from inference.study.words import Said, said

_LONG_ECHO_MS: Final = 60.0
_SHORT_ECHO_MS: Final = 30.0
# FLAIR waits 1,600 to 2,900 ms until water gives no signal; at .064 T it waits 1,400.
_WATER_INVERSION_MS: Final = 1200.0
# Fat gives none after 100 to 250 ms.
_FAT_INVERSION_MS: Final = 280.0
_LONG_REPETITION_MS: Final = 1800.0
_SHORT_REPETITION_MS: Final = 1200.0
_T1_INVERSION_MS: Final = (300.0, 1400.0)
# A gradient echo so late is weighted by T2*, a spin echo is not.
_LATE_GRADIENT_ECHO_MS: Final = 12.0
_DERIVED_TYPES: Final = {
    "ADC": "diffusion",
    "DIFFUSION": "diffusion",
    "TRACEW": "diffusion",
    "FA": "diffusion",
    "SUBTRACTION": "subtraction",
    "SUB": "subtraction",
    "MIP": "projection of several slices",
    "PROJECTION IMAGE": "projection of several slices",
    "MNIP": "projection of several slices",
    "MINIP": "projection of several slices",
    "LOCALIZER": "localiser",
    "PERFUSION": "perfusion",
    "RCBV": "perfusion",
    "ASL": "perfusion",
    "SWI": "blood-sensitive image",
    "P": "phase image",
    "PHASE": "phase image",
    "PHASE MAP": "phase image",
    "IMAGINARY": "phase image",
    "T1 MAP": "quantitative map",
    "T2 MAP": "quantitative map",
    "B0 MAP": "field map or calibration",
    "FMRI": "functional imaging",
    "SPECTROSCOPY": "spectroscopy",
    "SCREEN SAVE": "report or screen picture",
}
_OTHER_BODY: Final = "other part of the body"


class Certainty(StrEnum):
    """How far a role can be relied on."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Role:
    """What a series was taken for.

    Args:
        modality: One of ``MODALITIES``, or None for none of them or an unclear one.
        reason: A short sentence without a full stop, such as ``"TE 94 ms, TR 5100 ms: T2"``.
        certainty: Unclear only with ``candidates``.
        contrast: What the name says of a contrast agent.
        candidates: What an unclear series may be; empty for every other.
        gives_contrast: Whether it is a perfusion series, during which an agent is injected.
    """

    modality: str | None
    reason: str
    certainty: Certainty
    contrast: Contrast = Contrast.SILENT
    candidates: tuple[str, ...] = ()
    gives_contrast: bool = False


@dataclass(frozen=True)
class _Weighting:
    kind: str
    reason: str
    certainty: Certainty


def classify(facts: SeriesFacts) -> Role:
    """Tell what a series is from its header alone, without the others of its examination."""
    name = _said(facts)
    why_not = _left_out(facts, name)
    if why_not:
        gives = why_not == "perfusion" and not {"asl", "pcasl", "pasl", "3dasl"} & set(name.words)
        return Role(
            None, f"{why_not}: left out", Certainty.CERTAIN, name.contrast, gives_contrast=gives
        )
    weighting = _weighting(facts, name)
    if weighting is None:
        return _unclear(facts, name)
    if weighting.kind not in ("t1", "t2", "flair"):
        return Role(None, weighting.reason, weighting.certainty, name.contrast)
    if weighting.kind != "t1":
        return Role(weighting.kind, weighting.reason, weighting.certainty, name.contrast)
    return _with_contrast(weighting, name)


def _said(facts: SeriesFacts) -> Said:
    """The description speaks; where it says nothing of use, the protocol does."""
    first, second = said(facts.description), said(facts.protocol)
    if first.modalities or first.left_out or first.contrast != Contrast.SILENT:
        return first
    return second


def _left_out(facts: SeriesFacts, name: Said) -> str:
    types = [kind.strip().upper() for kind in facts.image_type]
    by_type = next((_DERIVED_TYPES[kind] for kind in types if kind in _DERIVED_TYPES), "")
    if name.left_out or by_type:
        return name.left_out or by_type
    if facts.b_value is not None and facts.b_value > 0:
        return "diffusion"
    sequence = {part.upper() for part in facts.scanning_sequence}
    if "EP" in sequence:
        return "echo-planar series (diffusion, perfusion or function)"
    late = (facts.echo_time_ms or 0) >= _LATE_GRADIENT_ECHO_MS
    if "GR" in sequence and not {"SE", "IR"} & sequence and late:
        return f"gradient echo with TE {facts.echo_time_ms:g} ms, a blood-sensitive image"
    return _OTHER_BODY if said(facts.body_part).left_out == _OTHER_BODY else ""


def _weighting(facts: SeriesFacts, name: Said) -> _Weighting | None:
    numbers, words = _by_numbers(facts), _by_words(name)
    if numbers is None:
        return words
    if words is None:
        sure = Certainty.LIKELY if numbers.kind == "pd" else numbers.certainty
        return _Weighting(numbers.kind, numbers.reason, sure)
    if words.kind == numbers.kind:
        return _Weighting(numbers.kind, numbers.reason, Certainty.CERTAIN)
    if (words.kind, numbers.kind) == ("flair", "t2"):
        return _Weighting("flair", "FLAIR by its name; the header gives no TI", Certainty.LIKELY)
    if (words.kind, numbers.kind) == ("t1", "pd"):
        return _Weighting("t1", "T1 by its name; the header gives no TI", Certainty.LIKELY)
    return _Weighting(
        numbers.kind,
        f"{numbers.reason}, though its name says {_NAMES[words.kind]}",
        Certainty.LIKELY,
    )


_NAMES: Final = {**MODALITY_NAMES, "pd": "proton density", "stir": "STIR"}


def _by_numbers(facts: SeriesFacts) -> _Weighting | None:
    """What the times allow only one reading of."""
    te, tr, ti = facts.echo_time_ms, facts.repetition_time_ms, facts.inversion_time_ms or None
    if te is None or te <= 0:
        return None
    kind = _kind_by_times(te, tr or 0.0, ti)
    if kind is None:
        return None
    if kind == "t2" and "IR" in {part.upper() for part in facts.scanning_sequence}:
        return _Weighting("flair", f"{_times(facts)}, inversion recovery: FLAIR", Certainty.LIKELY)
    ending = ": left out" if kind in ("pd", "stir") else ""
    return _Weighting(kind, f"{_times(facts)}: {_NAMES[kind]}{ending}", Certainty.CERTAIN)


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


def _by_words(name: Said) -> _Weighting | None:
    """A FLAIR may be called T1 or T2 as well: GE's T1-FLAIR is a T1."""
    kinds = set(name.modalities)
    if "flair" in kinds and not {"t1", "t2"} <= kinds:
        kinds -= {"t2"} if "t1" not in kinds else {"flair"}
    if len(kinds) != 1:
        return None
    kind = kinds.pop()
    ending = ": left out" if kind == "pd" else ""
    return _Weighting(kind, f"{_NAMES[kind]} by its name{ending}", Certainty.LIKELY)


def _times(facts: SeriesFacts) -> str:
    named = (
        ("TE", facts.echo_time_ms),
        ("TR", facts.repetition_time_ms),
        ("TI", facts.inversion_time_ms or None),
    )
    return ", ".join(f"{name} {value:.4g} ms" for name, value in named if value is not None)


def _with_contrast(weighting: _Weighting, name: Said) -> Role:
    if name.contrast == Contrast.DOUBTFUL:
        return Role(
            None,
            "T1, but whether before or after contrast its name leaves open",
            Certainty.UNCLEAR,
            name.contrast,
            candidates=("t1", "t1c"),
        )
    if name.contrast == Contrast.AFTER:
        return Role(
            "t1c",
            f"{weighting.reason}, after contrast by its name",
            weighting.certainty,
            name.contrast,
        )
    told = name.contrast == Contrast.BEFORE
    ending = ", before contrast by its name" if told else ""
    return Role(
        "t1",
        f"{weighting.reason}{ending}",
        weighting.certainty if told else Certainty.LIKELY,
        name.contrast,
    )


def _unclear(facts: SeriesFacts, name: Said) -> Role:
    kinds = name.modalities - {"pd"}
    candidates = tuple(kind for kind in MODALITY_NAMES if kind in kinds) or tuple(MODALITY_NAMES)
    if len(kinds) > 1:
        reason = f"its name says {' and '.join(_NAMES[kind] for kind in candidates)}"
    elif name.modalities:
        reason = "its name says proton density and something else"
    else:
        reason = f"neither its name nor its times ({_times(facts) or 'none given'}) say what it is"
    return Role(None, reason, Certainty.UNCLEAR, name.contrast, candidates=candidates)
