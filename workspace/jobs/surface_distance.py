"""How far each answer's outlines are from the truth's, measured once all models have drawn.

It takes a second or two for a whole head and model, so it gives way to every segmentation.
"""

from collections.abc import Mapping

from workspace.jobs.queue.job import Job
from workspace.jobs.segmentation import Answer, ask_aside
from workspace.open_case import OpenCase


def distance_jobs(
    opened: OpenCase, answers: Mapping[str, Answer], *, again: bool = False
) -> dict[str, Job]:
    """By name, the job that measures HD95 of WT, TC and ET in mm.

    There is none without a truth, nor where the size of a voxel is not known.

    Args:
        opened: The case.
        answers: Those there are.
        again: Whether to try anew what has failed.
    """
    if opened.case.truth is None or not opened.case.voxel_size_known:
        return {}
    return {
        name: ask_aside(
            opened, f"distance of {name}", lambda _, a=answer: _hd95(opened, a), again=again
        )
        for name, answer in answers.items()
    }


def _hd95(opened: OpenCase, answer: Answer) -> dict[str, float]:
    # It brings scipy, which the first page must not wait for.
    from inference.metrics.surface import region_hd95

    case = opened.case
    return case.scored(region_hd95(answer.segmentation.labels, case.truth, case.spacing))
