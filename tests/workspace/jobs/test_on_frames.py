"""Answers brought onto the frames that a case is shown on."""

import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from workspace.jobs.on_frames import on_shown_frames
from workspace.jobs.queue.job import Job
from workspace.jobs.segmentation import finished, segmentation_jobs

PATIENCE_S = 20


def settle(jobs):
    end = time.monotonic() + PATIENCE_S
    while any(job.unsettled for job in jobs.values()) and time.monotonic() < end:
        time.sleep(0.01)


def upside_down(segmentation, frames):
    """Stands for the way back: another grid of the same size."""
    assert frames == "t1c"
    return replace(segmentation, labels=np.ascontiguousarray(segmentation.labels[::-1]))


@pytest.fixture
def shown(opened):
    came = SimpleNamespace(segmentation_as_it_came=upside_down)
    return replace(opened, frames="t1c", key=f"{opened.key} on t1c", came=came)


def test_a_case_that_is_shown_as_the_networks_see_it_keeps_its_jobs(opened):
    jobs = {"unet": Job()}
    assert on_shown_frames(opened, jobs) is jobs


def test_what_is_done_is_brought_over_and_what_is_not_stays_as_it_is(
    opened, shown, models, visitor
):
    models.let_go(opened, 1)
    jobs = segmentation_jobs(opened)
    end = time.monotonic() + PATIENCE_S
    while not finished(jobs) and time.monotonic() < end:
        time.sleep(0.01)
    brought = on_shown_frames(shown, jobs)
    [done] = finished(jobs)
    assert list(brought) == list(jobs)
    assert all(brought[name] is jobs[name] for name in jobs if name != done)
    settle({done: brought[done]})
    answer, first = brought[done].result, jobs[done].result
    np.testing.assert_array_equal(answer.segmentation.labels, first.segmentation.labels[::-1])
    assert answer.volume_ml == pytest.approx(first.volume_ml)
    assert on_shown_frames(shown, jobs)[done] is brought[done]
    models.let_go(opened, 3)


def test_a_way_back_that_fails_is_the_failure_of_that_model(opened, shown, models, visitor):
    def fails(segmentation, frames):
        raise ValueError("no such frames")

    models.let_go(opened, 3)
    jobs = segmentation_jobs(opened)
    settle(jobs)
    broken = replace(shown, key="broken", came=SimpleNamespace(segmentation_as_it_came=fails))
    brought = on_shown_frames(broken, jobs)
    settle(brought)
    assert {job.status for job in brought.values()} == {"failed"}
    assert str(next(iter(brought.values())).error) == "no such frames"
