import json

import pytest

from model_zoo.registry import ALL_MODELS, contract, registry
from tests.pages.conftest import come_back
from tests.support import made_up_results
from workspace.benchmark import case_pictures
from workspace.benchmark.learners import judged_learners
from workspace.benchmark.widths import judged_widths
from workspace.models.evaluation_results import RESULTS, read_results

LATER = [name for name in registry() if name not in ALL_MODELS]


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder of results, and no pictures of patients."""
    monkeypatch.setitem(read_results.__kwdefaults__, "folder", tmp_path)
    monkeypatch.setitem(judged_learners.__kwdefaults__, "folder", tmp_path / "learners")
    monkeypatch.setitem(judged_widths.__kwdefaults__, "folder", tmp_path / "widths")
    monkeypatch.setenv("GLIOLENS_PICTURES", str(tmp_path / "pictures"))
    monkeypatch.setattr(case_pictures, "SYNTHETIC_FOLDER", tmp_path / "synthetic")
    return tmp_path


@pytest.fixture
def filled(folder):
    for name in ("protocols", "leak"):
        (folder / f"{name}.json").write_text(json.dumps(getattr(made_up_results, name)()))
    (folder / "test.json").write_text(json.dumps(made_up_results.results()))
    for place in ("pictures", "synthetic"):
        told = made_up_results.captions(unet="abc")
        made_up_results.draw_pictures(folder / place, told)
        (folder / place / "captions.json").write_text(json.dumps(told))
    return folder


def _told(app):
    return " ".join(each.value for each in [*app.markdown, *app.caption, *app.code])


def test_what_was_not_measured_is_said_with_its_command(page, folder):
    app = page("benchmark")
    assert not app.exception
    told = _told(app)
    for command in ("evaluate", "protocols", "leak", "pictures"):
        assert f"python -m training {command}" in told
    assert "have not been scored on the test patients yet" in told
    assert "licence of the patients' scans" in told
    assert not app.dataframe
    for name in LATER:
        assert f"python -m training evaluate --data DIR --split test --model {name}" in told
    assert told.count("**Not measured yet**") == len(LATER)


def test_everything_measured_is_there(page, filled):
    app = page("benchmark")
    assert not app.exception
    told = _told(app)
    assert "3 patients of the test split" in told
    assert "100\u00a0% of all pixels" in told.replace("\\", "")
    assert "Split by slice" in told or "split by slice" in told
    assert app.dataframe[0].value.loc[0, "WT"] == "0.80 [0.70, 0.90]"
    assert not app.code  # a command stands there only for what is missing


def test_the_measure_and_the_patients_can_be_changed(page, filled):
    app = page("benchmark")
    app.button_group(key="measure").set_value("hd95_mm").run()
    assert app.dataframe[0].value.loc[0, "WT"] == "5.0 [3.0, 7.0]"
    app.button_group(key="group").set_value("LGG").run()
    assert app.dataframe[0].value.loc[0, "WT"] == "5.0"
    assert not app.exception


def test_what_was_chosen_is_kept_when_the_page_is_left(visit, filled):
    (filled / "edge_unet_test.json").write_text((RESULTS / "edge_unet_test.json").read_text())
    app = visit("benchmark")
    chosen = {"measure": "hd95_mm", "group": "LGG", "later-measure": "hd95_mm", "scored": "unet"}
    for key, value in chosen.items():
        assert app.button_group(key=key).value != value
        app.button_group(key=key).set_value(value)
    come_back(app.run())
    assert {key: app.button_group(key=key).value for key in chosen} == chosen


def test_scores_and_pictures_of_other_weights_are_called_so(page, filled):
    """Of the three, then of the same predictions in other ways, then both sets of pictures."""
    app = page("benchmark")
    told = [each.value for each in app.warning]
    assert sum(text.startswith("These scores are of earlier weights") for text in told) == 2
    assert sum(text.startswith("These were drawn with earlier weights") for text in told) == 2


def test_scores_of_the_weights_in_use_are_not_called_earlier(page, folder):
    for name in ("test", "protocols"):
        (folder / f"{name}.json").write_text((RESULTS / f"{name}.json").read_text())
    assert not page("benchmark").warning


def test_published_rows_stand_apart_and_are_called_what_they_are(page, folder):
    (folder / "published.json").write_text((RESULTS / "published.json").read_text())
    app = page("benchmark")
    assert "Not the same patients." in _told(app)
    assert list(app.dataframe[0].value["WT"]) == ["0.903", "0.868", "0.86 to 0.88"]


def test_a_later_model_of_one_region_and_other_patients_stands_with_the_claims(page, folder):
    told = json.dumps(made_up_results.lower_grade_results())
    (folder / "vgg16_unet_test.json").write_text(told)
    (folder / "claims.json").write_text((RESULTS / "claims.json").read_text())
    app = page("benchmark")
    assert not app.exception
    ours, claims = (each.value for each in app.dataframe)
    assert list(ours.columns) == ["Test patients", "WT", "False slices"]
    assert claims.loc[0, "Public reference"] == "0.91"
    assert list(claims["Ours"])[1:] == ["0.86", "0.83", "0.75"]
    assert "■ a patient whose grade is not known" in _told(app)
    assert app.button_group(key="later-measure").options == ["Dice"]
    assert [strip.key for strip in _charts(app) if "vgg16" in strip.key] == ["strip-vgg16_unet-wt"]


def test_a_measure_that_pictures_cannot_have_is_said(page, folder):
    (folder / "edge_unet_test.json").write_text((RESULTS / "edge_unet_test.json").read_text())
    told = json.dumps(made_up_results.lower_grade_results())
    (folder / "vgg16_unet_test.json").write_text(told)
    app = page("benchmark")
    app.button_group(key="later-measure").set_value("hd95_mm").run()
    assert not app.exception
    assert "**HD95** was not measured: it needs the size of a voxel" in _told(app)
    # Of VGG16 U-Net how it was scored alone; of Edge U-Net its three groups before that.
    assert [len(each.value) for each in app.dataframe] == [4, 3, 4]
    assert "mm" not in app.dataframe[1].value.loc[0, "WT"]


def test_scores_of_earlier_weights_are_called_so(page, folder):
    told = json.loads((RESULTS / "flair_unet_test.json").read_text())
    told["models"]["flair_unet"]["weights"] = "of an earlier training"
    (folder / "flair_unet_test.json").write_text(json.dumps(told))
    app = page("benchmark")
    assert [each.value for each in app.warning] == [
        "These scores are of earlier weights than those in use now."
    ]


def test_every_later_model_is_told_of_and_how_it_learned(page):
    app = page("benchmark")
    assert not app.exception
    told = _told(app).replace("\\", "")
    assert all(f"**{contract(name).title}**" in told for name in LATER)
    assert "KB as ONNX" in told
    titles = [json.loads(chart.proto.spec)["layout"]["title"]["text"] for chart in _charts(app)]
    assert "FLAIR U-Net: whole tumour" in titles


def test_the_shipped_page_names_the_command_of_each_number(page):
    app = page("benchmark")
    assert not app.exception
    assert "python -m training evaluate" in _told(app)


def _learners(app):
    return next(each.value for each in app.dataframe if "Learned from besides" in each.value)


def _widths(app):
    return next(each.value for each in app.dataframe if "Narrower network" in each.value)


def _charts(app):
    return app.get("plotly_chart")


def test_the_page_begins_with_links_to_all_its_sections(page, filled):
    app = page("benchmark")
    line = app.markdown[0].value
    assert line.startswith("On this page: ")
    for heading in app.subheader:
        assert f"[{heading.value}](#{heading.proto.anchor})" in line
    assert "#the-triple-sigmoid" in line
    assert "#cross-validation" not in line, "it was not measured"


def test_what_is_worth_learning_from_is_told_by_group(page, filled):
    (filled / "learners").mkdir()
    for number, scored in enumerate(("as they are", "slices of 5 mm")):
        text = json.dumps(made_up_results.learners(scored))
        (filled / "learners" / f"{number}.json").write_text(text)
    app = page("benchmark")
    assert not app.exception
    assert "What is worth learning from" in [each.value for each in app.subheader]
    assert "3 patients, none of them of the test" in _told(app)
    assert _learners(app).loc[0, "WT"] == "+0.020 [+0.010, +0.030]"
    assert len(_learners(app)) == 1, "one way of scoring at a time"
    app.session_state["learners-group"] = "LGG"
    app.session_state["learners-scans"] = "slices of 5 mm"
    app.run()
    assert _learners(app).loc[0, "WT"] == "-0.040"
    assert "1 patient scored." in _told(app)


def test_how_wide_a_network_has_to_be_is_told_by_group(page, filled):
    (filled / "widths").mkdir()
    (filled / "widths" / "narrow.json").write_text(json.dumps(made_up_results.widths()))
    app = page("benchmark")
    assert not app.exception
    assert "How wide a network has to be" in [each.value for each in app.subheader]
    assert _widths(app).loc[0, "WT"] == "+0.020 [+0.010, +0.030]"
    app.session_state["widths-group"] = "LGG"
    app.run()
    assert _widths(app).loc[0, "WT"] == "-0.040"


def test_what_was_decided_with_test_patients_in_sight_is_said_instead_of_untouched(page, folder):
    for name in ("vgg16_unet_test", "claims"):
        (folder / f"{name}.json").write_text((RESULTS / f"{name}.json").read_text())
    told = _told(page("benchmark"))
    assert "whom no model was trained on. Measured" in told
    assert "One decision was taken with these patients in sight" in told
    assert "no constant was chosen" not in told
