"""Before or after contrast where names are silent: by the clock, then by the contrast tag.

ContrastBolusAgent is often stale (copied from protocol to protocol) or missing, so it is heard only
where it tells the T1 of an examination apart.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from inference.dicom.file_headers.facts import SeriesFacts
from inference.naming.contrast import Contrast
from inference.naming.terms import fold
from inference.study.series.roles import Role
from inference.study.series.weighting import Certainty

_CLOCK_SAYS: Final = {
    Contrast.BEFORE: "acquired before contrast was given",
    Contrast.AFTER: "acquired after contrast was given",
}
_TAG_SAYS: Final = {
    Contrast.BEFORE: "without a contrast agent in its header",
    Contrast.AFTER: "with a contrast agent in its header",
}
_OPEN: Final = (Contrast.SILENT, Contrast.DOUBTFUL)


def settle_contrast(series: Sequence[SeriesFacts], roles: Sequence[Role]) -> list[Role]:
    """Roles in the light of the whole examination; only T1 whose names are silent change.

    A T1 acquired before the first series that says contrast is T1. One acquired after it shows
    contrast too, whatever its name leaves out; that is believed where the tag agrees or another T1
    is from before, since else the clock or the word may be wrong, and is asked about where not.
    """
    settled = list(roles)
    given_s = _contrast_given_s(series, roles)
    silent = [at for at, role in enumerate(roles) if _is_open_t1(role)]
    for at in silent:
        by_clock = _by_clock(series[at].acquired_s, given_s)
        if by_clock:
            settled[at] = _settled(roles[at], by_clock, _CLOCK_SAYS[by_clock])
    still = [at for at in silent if settled[at] is roles[at]]
    _ask_where_none_is_before(series, settled, [at for at in silent if at not in still])
    _by_tag(series, settled, still)
    _ask_of_twins(series, settled, [at for at in still if settled[at] is roles[at]])
    return settled


def _is_open_t1(role: Role) -> bool:
    if role.contrast not in _OPEN:
        return False
    return role.modality == "t1" or role.candidates == ("t1", "t1c")


def _contrast_given_s(series: Sequence[SeriesFacts], roles: Sequence[Role]) -> float | None:
    """When the first series began that says contrast, or during which it is injected."""
    times = [
        facts.acquired_s
        for facts, role in zip(series, roles, strict=True)
        if facts.acquired_s is not None
        and (role.contrast == Contrast.AFTER or role.gives_contrast)
        and "DERIVED" not in facts.image_type
    ]
    return min(times, default=None)


def _by_clock(acquired_s: float | None, given_s: float | None) -> Contrast | None:
    if acquired_s is None or given_s is None or acquired_s == given_s:
        return None
    return Contrast.BEFORE if acquired_s < given_s else Contrast.AFTER


def _settled(role: Role, by: Contrast, how: str) -> Role:
    return replace(
        role,
        modality="t1" if by == Contrast.BEFORE else "t1c",
        reason=f"{role.reason if role.modality else 'T1'}, {how}",
        certainty=Certainty.LIKELY,
        candidates=(),
    )


def _asked(role: Role, reason: str) -> Role:
    return replace(
        role,
        modality=None,
        reason=reason,
        certainty=Certainty.UNCLEAR,
        candidates=("t1", "t1c"),
    )


def _ask_where_none_is_before(
    series: Sequence[SeriesFacts], settled: list[Role], moved: Sequence[int]
) -> None:
    if any(role.modality == "t1" for role in settled):
        return
    for at in moved:
        if not _has_tag(series[at]):
            settled[at] = _asked(
                settled[at],
                "a T1 acquired after contrast was given, though its name does not say so",
            )


def _by_tag(series: Sequence[SeriesFacts], settled: list[Role], still: Sequence[int]) -> None:
    """The tag counts where some T1 have it, others have not, and no name contradicts it."""
    tagged = [at for at in still if _has_tag(series[at])]
    if not tagged:
        return
    if _tag_tells(series, settled, still):
        for at in still:
            by = Contrast.AFTER if at in tagged else Contrast.BEFORE
            settled[at] = _settled(settled[at], by, _TAG_SAYS[by])
    elif not any(role.modality == "t1c" for role in settled):
        for at in tagged:
            settled[at] = _asked(
                settled[at],
                "a T1 whose name does not say contrast, though its header names an agent",
            )


def _tag_tells(series: Sequence[SeriesFacts], roles: Sequence[Role], still: Sequence[int]) -> bool:
    t1 = [at for at, role in enumerate(roles) if role.modality in ("t1", "t1c") or at in still]
    expected = {at: roles[at].modality == "t1c" for at in t1 if at not in still}
    agrees = all(_has_tag(series[at]) == after for at, after in expected.items())
    return agrees and not all(_has_tag(series[at]) for at in t1)


def _ask_of_twins(series: Sequence[SeriesFacts], settled: list[Role], left: Sequence[int]) -> None:
    """Two T1 of one name, or without any, may be before and after where no other is after."""
    if any(role.modality == "t1c" for role in settled):
        return
    names = Counter(fold(series[at].description).strip() for at in left)
    for at in left:
        if names[fold(series[at].description).strip()] > 1 and settled[at].modality == "t1":
            settled[at] = _asked(
                settled[at], "one of several T1 of the same name, perhaps before and after contrast"
            )


def _has_tag(facts: SeriesFacts) -> bool:
    return bool(facts.contrast_agent.strip())
