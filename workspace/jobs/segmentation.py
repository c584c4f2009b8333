"""The predictions of the models for the open case, as jobs of the server's queue."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import streamlit as st

from common.colours import PANEL_COLOURS
from common.vocabulary import CONSENSUS, TRUTH
from inference.case_report import total_seconds
from inference.network.segmentation import Segmentation, consensus
from model_zoo.registry import ALL_MODELS, contract
from viewer import Panel, QuickLook, probability_payload
from workspace.jobs.queue.job import Job, Work, cancelled_job
from workspace.jobs.queue.job_events import WARM_UP
from workspace.jobs.queue.server_queue import queue
from workspace.jobs.quick_look import (
    QUICK_LOOK,
    QUICK_MODEL,
    draw_quick_look,
    segmentation_by,
)
from workspace.jobs.visitors import this_visitor
from workspace.models.networks import networks
from workspace.open_case import SAMPLE, OpenCase, goes_with_case, read_sample

# In the order of the panels.
PANEL_NAMES = (
    {TRUTH: "Truth"}
    | {name: contract(name).title for name in ALL_MODELS}
    | {CONSENSUS: "Consensus"}
)
# Of a visitor: the case whose answers were asked for last, and the keys of cancelled jobs.
_ASKED_FOR: Final = "asked_for"
_CANCELLED: Final = "cancelled"


@dataclass(frozen=True)
class Answer:
    """A segmentation with its figures, which are computed once and shown many times.

    Args:
        segmentation: The prediction of the model.
        volume_ml: Volume of WT, TC and ET.
        dice: Dice of WT, TC and ET, None without a truth; not a number for a region that the
            truth does not cover.
        seconds: Time by part, and its total, from the files to the label map.
    """

    segmentation: Segmentation
    volume_ml: dict[str, float]
    dice: dict[str, float] | None
    seconds: dict[str, float]

    @classmethod
    def of(cls, opened: OpenCase, segmentation: Segmentation) -> "Answer":
        """The answer for an open case, measured."""
        case = opened.case
        seconds = total_seconds(segmentation, opened.read_seconds)
        dice = case.scored(segmentation.dice(case))
        return cls(segmentation, segmentation.volume_ml(case), dice, seconds)

    @cached_property
    def probability(self) -> bytes:
        """The region probabilities, packed for the viewer."""
        found = self.segmentation
        return probability_payload(found.probabilities, found.box, found.labels.shape)


def warm_up() -> None:
    """Have ready what most visitors ask for first, the sample and the models, before they wait.

    What fails says so when it is used.
    """
    queue.submit((WARM_UP, SAMPLE), _read_sample, small=True)
    for name in (QUICK_MODEL, *ALL_MODELS):
        queue.submit((WARM_UP, name), partial(_load, name), small=True)


def _read_sample(_: object) -> None:
    read_sample()


def _load(name: str, _: object) -> None:
    networks().warm(name)


def segmentation_jobs(
    opened: OpenCase, *, again: bool = False, quick_look: bool = False
) -> dict[str, Job]:
    """The job of every model for this case, and of their consensus once they are done.

    What this visitor has cancelled stays so, unless someone else has had it finished since.

    Args:
        opened: The case.
        again: Whether to try anew what has failed or was cancelled.
        quick_look: Whether to have a quick look drawn before, where a model is still to begin.
    """
    _leave_former_case(opened)
    if again:
        _cancelled().clear()
    if quick_look and _is_any_to_begin(opened, again):
        work = partial(draw_quick_look, opened)
        _submit(opened, QUICK_LOOK, work, again, ahead=True, small=True, by_networks=True)
    jobs = {
        name: _submit(
            opened,
            name,
            lambda report, name=name: _segment(opened, name, report),
            again,
            by_networks=True,
        )
        for name in ALL_MODELS
    }
    if all(job.status == "done" for job in jobs.values()):
        found = [job.result.segmentation for job in jobs.values()]
        # Short, and all that its visitor still waits for: another's models let it pass.
        jobs[CONSENSUS] = _submit(
            opened, CONSENSUS, lambda _: Answer.of(opened, consensus(found)), again, ahead=True
        )
    return jobs


def cancel(opened: OpenCase) -> None:
    """Stop what this visitor waits for; what is finished stays, and so does another's work."""
    jobs = segmentation_jobs(opened)
    names = [QUICK_LOOK, *(name for name, job in jobs.items() if job.unsettled)]
    keys = [(opened.key, name) for name in names]
    _cancelled().update(keys)
    queue.cancel(keys, who=this_visitor())


def quick_look_job(opened: OpenCase) -> Job | None:
    """The job of the quick look, if this case has one."""
    return queue.find((opened.networks_key, QUICK_LOOK))


def packing_job(opened: OpenCase, answers: Mapping[str, Answer], *, again: bool = False) -> Job:
    """Packs the answers' probabilities for the viewer, which takes a second for all of them."""

    def pack(_: object) -> None:
        for answer in answers.values():
            answer.probability  # noqa: B018 (it keeps what it computes)

    return ask_aside(opened, f"probabilities of {', '.join(sorted(answers))}", pack, again=again)


def ask_aside(opened: OpenCase, what: str, work: Work, *, again: bool = False) -> Job:
    """Small work on the open case that gives way to everything else that waits."""
    return queue.submit((opened.key, what), work, again=again, who=this_visitor(), aside=True)


def _leave_former_case(opened: OpenCase) -> None:
    """Whoever opens another case no longer waits for the one before."""
    if st.session_state.get(_ASKED_FOR) == opened.key:
        return
    st.session_state[_ASKED_FOR] = opened.key
    _cancelled().clear()
    visitor = this_visitor()
    if visitor is not None:  # what the server itself asked for is nobody's to leave
        former = [key for key in queue.asked_by(visitor) if key[0] != opened.key]
        queue.cancel(former, who=visitor)
        # Opening a case is asking for its answers: only a page that stands is told instead.
        queue.forget_let_go(visitor)


@goes_with_case
def _leave_case() -> None:
    """Whoever closes a case waits for nothing of it; opened again, it is as if never cancelled."""
    key, visitor = st.session_state.pop(_ASKED_FOR, None), this_visitor()
    st.session_state.pop(_CANCELLED, None)
    if visitor is not None:
        queue.cancel([each for each in queue.asked_by(visitor) if each[0] == key], who=visitor)


def _cancelled() -> set[Hashable]:
    return st.session_state.setdefault(_CANCELLED, set())


def _is_any_to_begin(opened: OpenCase, again: bool) -> bool:
    """Whether a model that this visitor wants has not begun: a quick look would be done first."""
    keys = {(opened.key, name) for name in ALL_MODELS} - _cancelled()
    jobs = [queue.find(key) for key in keys]
    begins = {"waiting", "failed"} if again else {"waiting"}
    return any(job is None or job.status in begins for job in jobs)


def _submit(
    opened: OpenCase,
    name: str,
    work: Work,
    again: bool,
    **turn: bool,
) -> Job:
    key = (opened.key, name)
    if key not in _cancelled():
        return queue.submit(key, work, again=again, who=this_visitor(), **turn)
    found = queue.find(key)
    return found if found is not None and found.status == "done" else cancelled_job()


def _segment(opened: OpenCase, name: str, report: Callable[[float], None]) -> Answer:
    return Answer.of(opened, segmentation_by(name, opened, report))


def all_settled(jobs: dict[str, Job]) -> bool:
    """Whether nothing is left to wait for."""
    return not any(job.unsettled for job in jobs.values())


def finished(jobs: dict[str, Job]) -> dict[str, Answer]:
    """The answers there are, by name."""
    return {name: job.result for name, job in jobs.items() if job.status == "done"}


def panels(
    opened: OpenCase,
    jobs: dict[str, Job],
    shown: Sequence[str] = tuple(PANEL_NAMES),
    *,
    probabilities: bool = False,
) -> list[Panel]:
    """The panels of the compare view, in the order of ``shown``; none for what is not there.

    Args:
        opened: The case.
        jobs: Of :func:`segmentation_jobs`.
        shown: Names of the panels.
        probabilities: Whether to give the models' probabilities along, which are large: best
            once nobody waits for a label map any more.
    """
    quick_look = _drawn_quick_look(opened)
    made = [
        _truth_panel(opened) if name == TRUTH else _panel(jobs, name, probabilities, quick_look)
        for name in shown
    ]
    return [panel for panel in made if panel is not None]


def _truth_panel(opened: OpenCase) -> Panel | None:
    truth = opened.case.truth
    if truth is None:
        return None
    return Panel(
        TRUTH,
        PANEL_NAMES[TRUTH],
        PANEL_COLOURS[TRUTH],
        labels=truth,
        volume_ml=opened.truth_volume_ml,
        reference=True,
        regions=opened.case.truth_regions,
    )


def _drawn_quick_look(opened: OpenCase) -> QuickLook | None:
    """None also where it failed: the models say what they have to say themselves."""
    job = quick_look_job(opened)
    drawn = job.result if job is not None and job.status == "done" else {}
    return drawn.get(opened.frames)


def _panel(
    jobs: dict[str, Job], name: str, probabilities: bool, quick_look: QuickLook | None
) -> Panel | None:
    job = jobs.get(name)
    if job is None:
        return None
    identity = {
        "key": name,
        "name": PANEL_NAMES[name],
        "colour": PANEL_COLOURS[name],
        "derived": name == CONSENSUS,
    }
    if job.status != "done":
        message = str(job.error) if job.status == "failed" else ""
        return Panel(
            **identity,
            status=job.status,
            progress=job.progress,
            message=message,
            quick_look=quick_look if job.unsettled and name in ALL_MODELS else None,
        )
    answer = job.result
    return Panel(
        **identity,
        labels=answer.segmentation.labels,
        volume_ml=answer.volume_ml,
        dice=answer.dice,
        seconds=answer.seconds["total"],
        probability=answer.probability if probabilities else None,
    )
