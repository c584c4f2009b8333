"""What is told of the jobs of the queue: the models' answers, of which visitors wait."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from model_zoo.registry import ALL_MODELS
from workspace.events import Event, Kind, tell
from workspace.jobs.pace import note_pace

if TYPE_CHECKING:
    from workspace.jobs.queue.job import Job

WARM_UP: Final = "warm up"
_TOLD: Final[dict[str, Kind]] = {
    "waiting": "queued",
    "done": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


def tell_of_job(key: Hashable, job: "Job") -> None:
    """Tell of a model's answer that was asked for, has come, has failed or is wanted no more.

    What any job took is remembered, for those who wait.

    Args:
        key: The case and the model, as of :mod:`workspace.jobs.segmentation`; of others nothing
            is told.
        job: As it is now.
    """
    if not _is_warm_up(key):
        note_pace(key, job)
    model = _model_of(key)
    if model is not None and job.status in _TOLD:
        event = _TOLD[job.status]
        tell(Event(event=event, model=model, waited=job.seconds_waited, seconds=job.seconds_run))


def _model_of(key: Hashable) -> str | None:
    if not isinstance(key, tuple) or len(key) != 2 or _is_warm_up(key):
        return None
    return key[1] if key[1] in ALL_MODELS else None


def _is_warm_up(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == WARM_UP
