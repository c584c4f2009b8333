"""The quick look before the models: when it is drawn, for whom, and where it is shown."""

import zlib
from dataclasses import replace

import numpy as np

from inference.network.engine import segment
from model_zoo.errors import WeightsError
from model_zoo.registry import contract
from tests.workspace.jobs.held_models import until
from viewer.parcel import read_header, unpack
from workspace.display.score_rows import number_rows
from workspace.jobs import segmentation
from workspace.jobs.quick_look import QUICK_LOOK, QUICK_MODEL, draw_quick_look
from workspace.jobs.segmentation import (
    all_settled,
    cancel,
    finished,
    panels,
    segmentation_jobs,
)
from workspace.models.loaded_models import loaded_model

MODELS = ("unet", "resnet_unet", "transunet")


def ask(opened, **options):
    """As the compare page asks, whenever it is drawn."""
    return segmentation_jobs(opened, quick_look=True, **options)


def shown(opened):
    """Whose quick look stands in the panel of each model, and None where none does."""
    drawn = panels(opened, ask(opened), MODELS)
    return [panel.quick_look and panel.quick_look.name for panel in drawn]


def runs(models, opened):
    return [name for key, name in models.runs if key == opened.key]


def finish(models, opened):
    models.let_go(opened, len(MODELS))
    until(lambda: all_settled(segmentation_jobs(opened)))


def test_the_embedded_model_draws_what_it_answers_and_says_its_name(opened):
    reports = []
    drawn = draw_quick_look(opened, reports.append)
    assert list(drawn) == [None]  # a case that was left as it came is shown in one way only
    found = drawn[None]
    model, _ = loaded_model(QUICK_MODEL)
    answer = segment(opened.case, model, name=QUICK_MODEL, prepared=opened.prepared)
    header, (blob,) = unpack(found.labels)
    box = tuple(slice(*span) for span in header["box"])
    assert zlib.decompress(blob) == answer.labels[box].transpose(2, 1, 0).tobytes()
    assert np.count_nonzero(answer.labels) == np.count_nonzero(answer.labels[box]) > 0
    assert tuple(read_header(found.labels)["shape"]) == opened.case.shape
    assert found.name == contract(QUICK_MODEL).title == "Edge U-Net"
    assert reports[-1] == 1


def test_it_comes_first_and_stands_in_until_each_model_has_answered(opened, models, visitor):
    models.hold_quick_look()
    assert shown(opened) == [None, None, None]
    models.let_go_of_quick_look()
    until(lambda: shown(opened) == ["Edge U-Net"] * 3)
    until(lambda: runs(models, opened) == [QUICK_LOOK, "unet"])
    models.let_go(opened, 1)
    assert shown(opened) == [None, "Edge U-Net", "Edge U-Net"]
    models.let_go(opened, 2)
    until(lambda: all_settled(ask(opened)))
    assert shown(opened) == [None, None, None]
    assert runs(models, opened) == [QUICK_LOOK, *MODELS]


def test_it_counts_for_nothing(opened, models, visitor):
    until(lambda: shown(opened) == ["Edge U-Net"] * 3)
    jobs = ask(opened)
    assert tuple(jobs) == MODELS
    assert finished(jobs) == {}
    assert [row["Model"] for row in number_rows(opened, finished(jobs))] == ["Truth"]
    for panel in panels(opened, jobs, MODELS):
        assert panel.labels is None
        assert panel.volume_ml is None
        assert panel.dice is None
    finish(models, opened)
    assert tuple(ask(opened)) == (*MODELS, "consensus")


def test_the_consensus_never_has_one(opened, models, visitor):
    until(lambda: shown(opened) == ["Edge U-Net"] * 3)
    waiting = ask(opened)["unet"]
    (panel,) = panels(opened, {"consensus": waiting}, ["consensus"])
    assert panel.quick_look is None


def test_other_pages_do_not_ask_for_it(opened, models, visitor):
    segmentation_jobs(opened)
    finish(models, opened)
    assert runs(models, opened) == [*MODELS]


def test_it_goes_before_models_that_wait_already(opened, models, visitor):
    segmentation_jobs(opened)
    until(lambda: runs(models, opened) == ["unet"])
    ask(opened)
    models.let_go(opened, 1)
    until(lambda: len(models.runs) == 3)
    assert runs(models, opened) == ["unet", QUICK_LOOK, "resnet_unet"]


def test_it_is_not_drawn_when_the_last_model_has_begun(opened, models, visitor):
    segmentation_jobs(opened)
    models.let_go(opened, 2)
    until(lambda: len(models.runs) == 3)
    ask(opened)
    models.let_go(opened, 1)
    until(lambda: all_settled(ask(opened)))
    assert QUICK_LOOK not in runs(models, opened)


def test_a_finished_case_has_no_other_for_anyone(opened, models, visitor):
    segmentation_jobs(opened)
    finish(models, opened)
    for who in ("first", "second"):
        visitor(who)
        ask(opened)
        ask(opened, again=True)
    assert QUICK_LOOK not in runs(models, opened)


def test_a_cancel_stops_it_and_run_again_has_it_first_again(opened, models, visitor):
    models.hold_quick_look()
    ask(opened)
    until(lambda: models.runs)
    cancel(opened)
    models.until_stopped()
    assert [job.status for job in ask(opened).values()] == ["cancelled"] * 3
    assert segmentation.queue.asked_by("first") == []
    assert runs(models, opened) == [QUICK_LOOK]
    models.let_go_of_quick_look()
    ask(opened, again=True)
    until(lambda: runs(models, opened) == [QUICK_LOOK, QUICK_LOOK, "unet"])


def test_what_was_cancelled_shows_none(opened, models, visitor):
    until(lambda: shown(opened) == ["Edge U-Net"] * 3)
    models.let_go(opened, 1)
    cancel(opened)
    assert shown(opened) == [None, None, None]
    models.until_stopped()
    ask(opened, again=True)
    assert shown(opened) == [None, "Edge U-Net", "Edge U-Net"]
    assert runs(models, opened).count(QUICK_LOOK) == 1


def test_a_cancel_takes_it_from_no_one_else(opened, models, visitor):
    models.hold_quick_look()
    ask(opened)
    until(lambda: models.runs)
    visitor("second")
    ask(opened)
    visitor("first")
    cancel(opened)
    visitor("second")
    models.let_go_of_quick_look()
    until(lambda: shown(opened) == ["Edge U-Net"] * 3)
    assert runs(models, opened).count(QUICK_LOOK) == 1


def test_another_case_does_not_wait_for_that_of_the_one_before(opened, models, visitor):
    models.hold_quick_look()
    ask(opened)
    until(lambda: models.runs)
    other = replace(opened, key="another case")
    ask(other)
    models.let_go_of_quick_look()
    until(lambda: shown(other) == ["Edge U-Net"] * 3)


def test_where_it_fails_the_models_say_what_they_always_said(opened, models, visitor, monkeypatch):
    tries = []

    def fail(*_):
        tries.append(1)
        raise WeightsError("The weights of edge_unet are missing.")

    monkeypatch.setattr(segmentation, "draw_quick_look", fail)
    ask(opened)
    until(lambda: runs(models, opened) == ["unet"])
    drawn = panels(opened, ask(opened), MODELS)
    assert [panel.status for panel in drawn] == ["running", "waiting", "waiting"]
    assert [(panel.quick_look, panel.message) for panel in drawn] == [(None, "")] * 3
    finish(models, opened)
    assert {job.status for job in ask(opened).values()} == {"done"}
    assert len(tries) == 1
