"""What the models say of the open case, as jobs of the server's queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from inference.report import total_seconds
from inference.segmentation import Segmentation, consensus
from model_zoo.registry import ALL_MODELS, contract
from viewer import Panel, probability_payload
from workspace.colours import CONSENSUS, PANEL_COLOURS, TRUTH
from workspace.jobs import Job, queue
from workspace.models import loaded_model
from workspace.open_case import OpenCase

# In the order of the panels.
PANEL_NAMES = (
    {TRUTH: "Truth"}
    | {name: contract(name).title for name in ALL_MODELS}
    | {CONSENSUS: "Consensus"}
)


@dataclass(frozen=True)
class Answer:
    """A segmentation with its figures, which are computed once and shown many times.

    Args:
        segmentation: What the model says.
        volume_ml: Volume of WT, TC and ET.
        dice: Dice of WT, TC and ET, None without a truth; not a number for a region that the
            truth says nothing of.
        seconds: Time by part, and its total, from the files to the label map.
    """

    segmentation: Segmentation
    volume_ml: dict[str, float]
    dice: dict[str, float] | None
    seconds: dict[str, float]

    @classmethod
    def of(cls, opened: OpenCase, segmentation: Segmentation) -> "Answer":
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
    """Load the models before anyone waits for them; a model that fails says so when it is used."""
    for name in ALL_MODELS:
        queue.submit(("warm up", name), lambda _, name=name: loaded_model(name) and None)


def segmentation_jobs(opened: OpenCase, *, again: bool = False) -> dict[str, Job]:
    """The job of every model for this case, and of their consensus once they are done.

    Args:
        opened: The case.
        again: Whether to try anew what has failed.
    """
    jobs = {name: _submit(opened, name, again) for name in ALL_MODELS}
    if all(job.status == "done" for job in jobs.values()):
        found = [job.result.segmentation for job in jobs.values()]
        jobs[CONSENSUS] = queue.submit(
            (opened.key, CONSENSUS), lambda _: Answer.of(opened, consensus(found))
        )
    return jobs


def _submit(opened: OpenCase, name: str, again: bool) -> Job:
    key = (opened.key, name)
    return queue.submit(key, lambda report: _segment(opened, name, report), again=again)


def _segment(opened: OpenCase, name: str, report: Any) -> Answer:
    from inference.engine import segment

    model, weights = loaded_model(name)
    segmentation = segment(
        opened.case,
        model,
        name=name,
        prepared=opened.prepared,
        weights=weights,
        progress=report,
    )
    return Answer.of(opened, segmentation)


def all_settled(jobs: dict[str, Job]) -> bool:
    """Whether nothing is left to wait for."""
    return all(job.status in ("done", "failed") for job in jobs.values())


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
    made = [
        _truth_panel(opened) if name == TRUTH else _panel(jobs, name, probabilities)
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


def _panel(jobs: dict[str, Job], name: str, probabilities: bool) -> Panel | None:
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
        return Panel(**identity, status=job.status, progress=job.progress, message=message)
    answer = job.result
    return Panel(
        **identity,
        labels=answer.segmentation.labels,
        volume_ml=answer.volume_ml,
        dice=answer.dice,
        seconds=answer.seconds["total"],
        probability=answer.probability if probabilities else None,
    )
