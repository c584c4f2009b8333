"""What the models predicted, brought onto the frames that a case is shown on."""

from common.memory import trim_heap
from workspace.jobs.queue.job import Job
from workspace.jobs.queue.server_queue import queue
from workspace.jobs.segmentation import Answer
from workspace.jobs.visitors import this_visitor
from workspace.open_case import OpenCase


def on_shown_frames(
    shown: OpenCase, jobs: dict[str, Job], *, again: bool = False
) -> dict[str, Job]:
    """The jobs whose answers lie on the frames of ``shown``: by name, in the same order.

    A model's own job stands in the place of the other until it is done.

    Args:
        shown: The case as it is shown.
        jobs: Of :func:`workspace.jobs.segmentation.segmentation_jobs`, for the case as the
            networks see it.
        again: Whether to try anew what has failed.
    """
    if shown.frames is None:
        return jobs
    return {
        name: _brought(shown, name, job.result, again) if job.status == "done" else job
        for name, job in jobs.items()
    }


def _brought(shown: OpenCase, name: str, answer: Answer, again: bool) -> Job:
    # Short, and what its visitor waits for to see the model's answer: another's models let it pass.
    return queue.submit(
        (shown.key, name),
        lambda _: _onto(shown, answer),
        again=again,
        who=this_visitor(),
        ahead=True,
    )


def _onto(shown: OpenCase, answer: Answer) -> Answer:
    brought = shown.came.segmentation_as_it_came(answer.segmentation, shown.frames)
    trim_heap()  # of a large image what this took, which the next would take beside it
    return Answer.of(shown, brought)
