"""Answers to a case without running a model: what the pages show of them is the same."""

import numpy as np
import pytest

from tests.report.conftest import SHIFTS, segmentation_of
from workspace.jobs import segmentation
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.segmentation import Answer, segmentation_jobs


@pytest.fixture(autouse=True)
def own_queue(monkeypatch):
    """These answers are no model's: no other test may find them."""
    monkeypatch.setattr(segmentation, "queue", JobQueue())


def answer(opened):
    """Finish the job of every model with the truth moved a little; return the case."""
    case, box = opened.case, opened.prepared.box
    drawn = case.truth if case.truth is not None else _blob(case.shape)
    for name, shift in SHIFTS.items():
        labels = np.roll(drawn, shift, (0, 1, 2))
        moved = segmentation_of(name, labels, box, case.shape)
        job = segmentation.queue.submit(
            (opened.key, name), lambda _, found=moved: Answer.of(opened, found)
        )
        job.future.result(timeout=60)
    segmentation_jobs(opened)["consensus"].future.result(timeout=60)
    return opened


def _blob(shape):
    labels = np.zeros(shape, np.uint8)
    labels[tuple(slice(n // 3, n // 2 + 1) for n in shape)] = 2
    return labels
