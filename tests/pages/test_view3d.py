import json
from dataclasses import replace

import numpy as np
import pytest

from scene.bodies import MOST_TRIANGLES
from tests.pages.answers import answer, own_queue  # noqa: F401
from tests.pages.conftest import come_back
from workspace.jobs.segmentation import finished


def text(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.info])


def scenes(app):
    """The surfaces of every chart on the page."""
    charts = [json.loads(chart.proto.spec)["data"] for chart in app.get("plotly_chart")]
    return [[trace for trace in chart if trace["type"] == "mesh3d"] for chart in charts]


def triangles(chart):
    return sum(len(trace["i"]["bdata"]) * 3 // 4 // bytes_each(trace["i"]) for trace in chart)


def bytes_each(array):
    return np.dtype(array["dtype"]).itemsize


def test_nothing_open_says_so_and_offers_both_ways(page):
    app = page("view3d")
    assert not app.exception
    assert [button.label for button in app.button] == ["Open the sample", "Open your own files"]


def test_without_an_answer_and_without_truth_it_says_what_comes(page, opened, monkeypatch):
    monkeypatch.setattr("workspace.jobs.waiting.finished", lambda jobs: {})
    case = replace(opened.case, truth=None)
    app = page("view3d", open_case=replace(opened, case=case, truth_volume_ml=None, key="bare"))
    assert not app.exception
    assert "when the first model has answered" in text(app)
    assert scenes(app) == []


def test_a_single_slice_has_no_surface(page, opened):
    flat = replace(opened.case, volume=np.zeros((4, 64, 64, 1), np.float32))
    app = page("view3d", open_case=replace(opened, case=flat, key="flat"))
    assert not app.exception
    assert "single slice" in text(app)


def test_many_notes_are_folded_so_that_the_scenes_stay_in_view(page, opened):
    notes = tuple(f"Note number {number}." for number in range(5))
    case = replace(opened.case, notes=notes)
    app = page("view3d", open_case=replace(opened, case=case, key="five notes"))
    [shown] = [info.value for info in app.info if "Note number 0" in info.value]
    assert [note for note in notes if note in shown] == [*notes[:2]]
    (popover,) = app.get("popover")
    assert popover.proto.popover.label == "3 more notes on these files"


def test_four_scenes_beside_each_other_then_one_overlaid(page, opened):
    app = page("view3d", open_case=answer(opened))
    assert len(scenes(app)) == 4
    assert [trace["name"] for trace in scenes(app)[0]][-1] == "Brain"
    assert sum(triangles(chart) for chart in scenes(app)) <= MOST_TRIANGLES

    [parts] = [each for each in app.button_group if each.label == "Tumour"]
    app = parts.set_value([3]).run()
    assert {t["name"] for c in scenes(app) for t in c} <= {"Enhancing tumour", "Brain"}

    app = app.slider[0].set_value(0).run()
    assert {t["name"] for c in scenes(app) for t in c} == {"Enhancing tumour"}

    [layout] = [each for each in app.button_group if each.label == "Layout"]
    app = layout.set_value("Overlaid").run()
    [chart] = scenes(app)
    assert chart[0]["name"] == "Truth: whole tumour"
    assert triangles(chart) <= MOST_TRIANGLES


def test_the_truth_alone_is_shown_while_the_models_work(page, opened, monkeypatch):
    monkeypatch.setattr("workspace.jobs.waiting.finished", lambda jobs: {})
    app = page("view3d", open_case=replace(opened, key="models at work"))
    assert not app.exception
    assert len(scenes(app)) == 1


def shown(app):
    [pills] = [each for each in app.button_group if each.label == "Shown"]
    return pills


def test_what_was_switched_off_stays_off_when_a_model_arrives_or_the_page_is_left(
    visit, opened, monkeypatch
):
    come = ["unet"]
    monkeypatch.setattr(
        "workspace.jobs.waiting.finished",
        lambda jobs: {name: each for name, each in finished(jobs).items() if name in come},
    )
    app = visit("view3d", open_case=answer(opened))
    assert shown(app).value == ["truth", "unet"]
    shown(app).set_value(["unet"]).run()
    come += ["resnet_unet", "transunet", "consensus"]
    app.run()
    assert not app.exception
    assert shown(app).value == ["unet", "resnet_unet", "transunet"]
    shown(app).set_value(["resnet_unet", "consensus"]).run()
    assert len(scenes(app)) == 2
    assert shown(come_back(app)).value == ["resnet_unet", "consensus"]


@pytest.mark.parametrize("name", ["report", "view3d"])
def test_a_stranger_to_both_pages_sees_no_case_of_another(page, opened, name):
    page(name, open_case=opened)
    assert "No case is open yet." in text(page(name))
