"""What one series is: T1, T1 after contrast, T2, FLAIR or none of them, and why.

Times and words decide on the weighting (see :mod:`inference.study.series.weighting`), words on
contrast and on what is left out. dcm2niix's own guess is not used: its author advises against it
(https://github.com/rordenlab/dcm2niix/issues/756) and it knows no T1 after contrast.
"""

from dataclasses import dataclass
from typing import Final

from common.vocabulary import MODALITY_NAMES
from inference.dicom.file_headers.facts import SeriesFacts
from inference.naming.contrast import Contrast
from inference.naming.words import NameTerms, name_terms
from inference.study.series.weighting import (
    KIND_NAMES,
    Certainty,
    Weighting,
    times_in_words,
    weighting_of,
)

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


def classify(facts: SeriesFacts) -> Role:
    """Tell what a series is from its header alone, without the others of its examination."""
    name = _terms_of(facts)
    why_not = _left_out(facts, name)
    if why_not:
        gives = why_not == "perfusion" and not {"asl", "pcasl", "pasl", "3dasl"} & set(name.words)
        return Role(
            None, f"{why_not}: left out", Certainty.CERTAIN, name.contrast, gives_contrast=gives
        )
    weighting = weighting_of(facts, name)
    if weighting is None:
        return _unclear(facts, name)
    if weighting.kind not in ("t1", "t2", "flair"):
        return Role(None, weighting.reason, weighting.certainty, name.contrast)
    if weighting.kind != "t1":
        return Role(weighting.kind, weighting.reason, weighting.certainty, name.contrast)
    return _with_contrast(weighting, name)


def _terms_of(facts: SeriesFacts) -> NameTerms:
    """The description speaks; where it says nothing of use, the protocol does."""
    first, second = name_terms(facts.description), name_terms(facts.protocol)
    if first.modalities or first.left_out or first.contrast != Contrast.SILENT:
        return first
    return second


def _left_out(facts: SeriesFacts, name: NameTerms) -> str:
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
    return _OTHER_BODY if name_terms(facts.body_part).left_out == _OTHER_BODY else ""


def _with_contrast(weighting: Weighting, name: NameTerms) -> Role:
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
    is_before = name.contrast == Contrast.BEFORE
    ending = ", before contrast by its name" if is_before else ""
    return Role(
        "t1",
        f"{weighting.reason}{ending}",
        weighting.certainty if is_before else Certainty.LIKELY,
        name.contrast,
    )


def _unclear(facts: SeriesFacts, name: NameTerms) -> Role:
    kinds = name.modalities - {"pd"}
    candidates = tuple(kind for kind in MODALITY_NAMES if kind in kinds) or tuple(MODALITY_NAMES)
    if len(kinds) > 1:
        reason = f"its name says {' and '.join(KIND_NAMES[kind] for kind in candidates)}"
    elif name.modalities:
        reason = "its name says proton density and something else"
    else:
        times = times_in_words(facts) or "none given"
        reason = f"neither its name nor its times ({times}) say what it is"
    return Role(None, reason, Certainty.UNCLEAR, name.contrast, candidates=candidates)
