"""One case's models stopped and resumed, for one visitor among several. No model is run here."""

from dataclasses import replace

import numpy as np

from tests.workspace.jobs.held_models import answer_of, until
from workspace.jobs import segmentation
from workspace.jobs.segmentation import (
    all_settled,
    cancel,
    finished,
    panels,
    segmentation_jobs,
)
from workspace.jobs.surface_distance import distance_jobs
from workspace.open_case import close_case, remember

MODELS = ("unet", "resnet_unet", "transunet")


def statuses(opened):
    return [job.status for job in segmentation_jobs(opened).values()]


def settle(opened):
    until(lambda: all_settled(segmentation_jobs(opened)))
    return segmentation_jobs(opened)


def test_progress_is_the_models_own_and_the_others_wait(opened, models, visitor):
    segmentation_jobs(opened)
    until(lambda: segmentation_jobs(opened)["unet"].progress == 0.5)
    shown = panels(opened, segmentation_jobs(opened), MODELS)
    assert [panel.status for panel in shown] == ["running", "waiting", "waiting"]
    assert [panel.progress for panel in shown] == [0.5, 0, 0]
    models.let_go(opened, 1)
    until(lambda: statuses(opened) == ["done", "running", "waiting"])


def test_a_cancel_keeps_what_is_finished_and_stops_the_rest(opened, models, visitor):
    segmentation_jobs(opened)
    models.let_go(opened, 1)
    until(lambda: len(models.runs) == 2)
    cancel(opened)
    assert statuses(opened) == ["done", "cancelled", "cancelled"]
    shown = panels(opened, segmentation_jobs(opened), MODELS)
    assert [panel.status for panel in shown] == ["done", "cancelled", "cancelled"]
    assert shown[1].labels is None
    # Until it is asked for, a page drawn again starts nothing.
    assert statuses(opened) == ["done", "cancelled", "cancelled"]
    assert models.runs == [(opened.key, "unet"), (opened.key, "resnet_unet")]


def test_run_again_resumes_only_what_was_cancelled(opened, models, visitor):
    segmentation_jobs(opened)
    models.let_go(opened, 1)
    answer = segmentation_jobs(opened)["unet"]
    cancel(opened)
    models.until_stopped()
    segmentation_jobs(opened, again=True)
    models.let_go(opened, 2)
    jobs = settle(opened)
    assert {job.status for job in jobs.values()} == {"done"}
    assert jobs["unet"] is answer
    assert "consensus" in jobs
    assert models.runs.count((opened.key, "unet")) == 1


def test_a_cancel_takes_nothing_from_another_visitor(opened, models, visitor):
    segmentation_jobs(opened)
    visitor("second")
    segmentation_jobs(opened)
    visitor("first")
    cancel(opened)
    assert statuses(opened) == ["cancelled"] * 3
    visitor("second")
    models.let_go(opened, 3)
    assert {job.status for job in settle(opened).values()} == {"done"}
    assert len(models.runs) == 3
    visitor("first")
    assert {job.status for job in settle(opened).values()} == {"done"}, "it is there, so show it"


def test_the_next_visitor_of_a_cancelled_case_is_not_affected(opened, models, visitor):
    segmentation_jobs(opened)
    cancel(opened)
    models.until_stopped()
    visitor("next")
    models.let_go(opened, 3)
    assert {job.status for job in settle(opened).values()} == {"done"}


def test_another_case_does_not_wait_for_the_one_before(opened, models, visitor):
    other = replace(opened, key="another case")
    segmentation_jobs(opened)
    until(lambda: models.runs)
    segmentation_jobs(other)
    until(lambda: len(models.runs) == 2)
    models.let_go(other, 3)
    assert settle(other)["transunet"].status == "done"
    assert models.runs == [(opened.key, "unet"), *((other.key, name) for name in MODELS)]
    segmentation_jobs(opened)  # opened again, nothing of it counts as cancelled
    models.let_go(opened, 3)
    assert {job.status for job in settle(opened).values()} == {"done"}


def test_a_closed_case_is_waited_for_no_more(opened, models, visitor):
    remember(opened)
    segmentation_jobs(opened)
    cancel(opened)
    segmentation_jobs(opened, again=True)
    close_case()
    assert segmentation.queue.asked_by("first") == []
    segmentation_jobs(opened)  # opened again, nothing of it counts as cancelled
    models.let_go(opened, 3)
    assert {job.status for job in settle(opened).values()} == {"done"}


def test_another_visitors_case_goes_on_when_one_opens_something_else(opened, models, visitor):
    segmentation_jobs(opened)
    visitor("second")
    segmentation_jobs(opened)
    segmentation_jobs(replace(opened, key="another case"))
    visitor("first")
    models.let_go(opened, 3)
    assert statuses(opened)[: len(MODELS)] == ["done"] * len(MODELS)


def test_distances_are_measured_after_all_models(opened, models, visitor):
    segmentation_jobs(opened)
    models.let_go(opened, 1)
    measured = distance_jobs(opened, finished(segmentation_jobs(opened)))
    assert list(measured) == ["unet"]
    models.let_go(opened, 1)
    assert measured["unet"].status == "waiting"
    models.let_go(opened, 1)
    until(lambda: all_settled(measured))
    assert measured["unet"].result == {"wt": 0, "tc": 0, "et": 0}


def test_a_region_that_was_missed_is_374_mm_away(opened, models, visitor):
    labels = np.where(opened.case.truth == 3, 1, opened.case.truth).astype(np.uint8)
    jobs = distance_jobs(opened, {"unet": answer_of(opened, labels)})
    until(lambda: all_settled(jobs))
    assert jobs["unet"].result == {"wt": 0, "tc": 0, "et": 374}


def test_without_truth_or_size_there_is_no_distance(opened, models, visitor):
    answer = answer_of(opened, opened.case.truth)
    untold = replace(opened, case=replace(opened.case, truth=None))
    unsized = replace(opened, case=replace(opened.case, voxel_size_known=False))
    assert distance_jobs(untold, {"unet": answer}) == {}
    assert distance_jobs(unsized, {"unet": answer}) == {}
