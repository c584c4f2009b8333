import json

import pytest

from tests import made_up_results
from workspace import case_pictures
from workspace.results import RESULTS, read_results


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder of results, and no pictures of patients."""
    monkeypatch.setitem(read_results.__kwdefaults__, "folder", tmp_path)
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


def test_everything_measured_is_there(page, filled):
    app = page("benchmark")
    assert not app.exception
    told = _told(app)
    assert "3 patients of the test split" in told
    assert "100% of all pixels" in told.replace("\\", "")
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


def test_pictures_of_other_weights_are_called_so(page, filled):
    app = page("benchmark")
    assert "earlier weights" in app.warning[0].value


def test_published_rows_stand_apart_and_are_called_what_they_are(page, folder):
    (folder / "published.json").write_text((RESULTS / "published.json").read_text())
    app = page("benchmark")
    assert any("not the same patients" in each.value for each in app.subheader)
    assert list(app.dataframe[0].value["WT"]) == ["0.90", "0.86 to 0.88"]


def test_the_shipped_page_names_the_command_of_each_number(page):
    app = page("benchmark")
    assert not app.exception
    assert "python -m training evaluate" in _told(app)
