"""Which series of an examination is read as which modality: one table, every series in it.

Of several candidates: acquired before reformatted, the whole head before a slab, 3D, thinner, more
coverage, without fat saturation, later (a repeat after motion). What is unclear is asked, not
guessed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.dicom.file_headers.facts import SeriesFacts
from inference.naming.words import name_terms
from inference.study.series.roles import Role, classify
from inference.study.series.timing import settle_contrast
from inference.study.series.weighting import Certainty

# A head is 130 to 180 mm high; a slab for the pituitary or a nerve has 20 to 60.
_WHOLE_HEAD_MM: Final = 90.0
_ALIKE_MM: Final = 0.1
_COVERAGE_STEP_MM: Final = 5.0
_DERIVED: Final = {"DERIVED", "MPR", "REFORMATTED", "AVERAGE"}
_LOST: Final = {
    "t1": "No T1 before contrast was found: what shines by itself (blood, fat) may be taken for "
    "enhancement.",
    "t1c": "No T1 after contrast was found: the enhancing tumour and the core can hardly be "
    "distinguished.",
    "t2": "No T2 was found: fluid and oedema are distinguished by the other sequences alone.",
    "flair": "No FLAIR was found: the edge of the oedema is less certain.",
}


@dataclass(frozen=True)
class Row:
    """One series in the table.

    Args:
        index: Its place in the series that were given.
        role: What it was taken for.
        chosen: The modality that it is read as; None where it is not read.
        reason: Why it was taken for that, and why chosen or not.
        unclear: Whether only the user can say what it is, and nothing else fills its place.
    """

    index: int
    role: Role
    chosen: str | None
    reason: str
    unclear: bool = False


@dataclass(frozen=True)
class Choice:
    """The table of an examination.

    Args:
        rows: One for each series, in the order given.
        chosen: Index of the series by modality, in the order of ``MODALITIES``.
        missing: What is lost without each modality that nothing fills, as sentences.
    """

    rows: tuple[Row, ...]
    chosen: Mapping[str, int]
    missing: tuple[str, ...]

    @property
    def unclear(self) -> tuple[Row, ...]:
        """The rows that need an answer."""
        return tuple(row for row in self.rows if row.unclear)


def choose(series: Sequence[SeriesFacts], *, fixed: Mapping[str, int] | None = None) -> Choice:
    """Choose one series for each modality that there is.

    Args:
        series: Of one examination.
        fixed: Index of the series by modality, where the user has decided.

    Raises:
        IndexError: for a fixed series that is not there.
    """
    fixed = dict(fixed or {})
    roles = settle_contrast(series, [classify(facts) for facts in series])
    decided = {modality: _decide(series, roles, modality, fixed) for modality in MODALITIES}
    chosen = {modality: index for modality, (index, _) in decided.items() if index is not None}
    whys = {index: why for index, why in decided.values() if index is not None}
    rows = tuple(
        _row(at, role, chosen, whys, decided_by_user=at in fixed.values())
        for at, role in enumerate(roles)
    )
    missing = tuple(_LOST[modality] for modality in MODALITIES if modality not in chosen)
    return Choice(rows, chosen, missing)


def _decide(
    series: Sequence[SeriesFacts], roles: Sequence[Role], modality: str, fixed: Mapping[str, int]
) -> tuple[int | None, str]:
    """The series for a modality, and why that one of several; none where there is none."""
    if modality in fixed:
        series[fixed[modality]]  # raises for one that is not there
        return fixed[modality], "chosen by you"
    taken = set(fixed.values())
    fit = [at for at, role in enumerate(roles) if role.modality == modality and at not in taken]
    if not fit:
        return None, ""
    ranked = sorted(fit, key=lambda at: _rank(series[at], at))
    best = ranked[0]
    if len(ranked) == 1:
        return best, ""
    name = MODALITY_NAMES[modality]
    how = _difference(series[best], series[ranked[1]])
    return best, f"of {len(ranked)} series for {name} the {how}"


def _row(
    at: int,
    role: Role,
    chosen: Mapping[str, int],
    whys: Mapping[int, str],
    *,
    decided_by_user: bool,
) -> Row:
    modality = next((name for name, index in chosen.items() if index == at), None)
    if modality is not None:
        why = whys[at]
        reason = why if decided_by_user else "; ".join(filter(None, (role.reason, why)))
        return Row(at, role, modality, reason)
    if role.certainty == Certainty.UNCLEAR:
        open_places = [name for name in role.candidates if name not in chosen]
        return Row(at, role, None, role.reason, unclear=bool(open_places))
    if role.modality is None:
        return Row(at, role, None, role.reason)
    other = chosen.get(role.modality)
    return Row(at, role, None, f"{role.reason}; another is chosen", unclear=other is None)


# Each criterion: what is smaller is better, and what the better one is called.
_CRITERIA: Final[tuple[tuple[Callable[[SeriesFacts], float], str], ...]] = (
    (lambda facts: float(_is_reformat(facts)), "acquired rather than a reformatted one"),
    (lambda facts: float(not _is_whole_head(facts)), "one of the whole head"),
    (lambda facts: float(facts.is_3d is not True), "3D one"),
    (lambda facts: round(_thickness_mm(facts) / _ALIKE_MM), "thinner one"),
    (lambda facts: -round(_coverage_mm(facts) / _COVERAGE_STEP_MM), "one that covers more"),
    (
        lambda facts: float(name_terms(facts.description).fat_saturated),
        "one without fat saturation",
    ),
    (
        lambda facts: float(name_terms(facts.description).reformat),
        "acquired rather than a reformatted one",
    ),
    (lambda facts: -(facts.acquired_s or 0.0), "later one"),
    (lambda facts: -float(facts.number or 0), "later one"),
)


def _rank(facts: SeriesFacts, at: int) -> tuple[float, ...]:
    return (*(measure(facts) for measure, _ in _CRITERIA), float(-at))


def _difference(best: SeriesFacts, next_best: SeriesFacts) -> str:
    return next(
        (name for measure, name in _CRITERIA if measure(best) != measure(next_best)),
        "last one listed",
    )


def _is_reformat(facts: SeriesFacts) -> bool:
    return bool(_DERIVED & {kind.upper() for kind in facts.image_type})


def _is_whole_head(facts: SeriesFacts) -> bool:
    if facts.shape is None or facts.spacing_mm is None:
        return True
    return min(_sides_mm(facts)) >= _WHOLE_HEAD_MM


def _sides_mm(facts: SeriesFacts) -> list[float]:
    if facts.shape is None or facts.spacing_mm is None:
        return [0.0]
    return [count * mm for count, mm in zip(facts.shape, facts.spacing_mm, strict=True)]


def _thickness_mm(facts: SeriesFacts) -> float:
    return max(facts.spacing_mm) if facts.spacing_mm else 0.0


def _coverage_mm(facts: SeriesFacts) -> float:
    return min(_sides_mm(facts))
