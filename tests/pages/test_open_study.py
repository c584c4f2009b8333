"""A study on the Open page: its series, its questions, and what is said where there is nothing."""

import nibabel as nib
import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from common.errors import InputError
from inference.study.sources import DicomFiles
from tests.conftest import ROOT
from tests.inference.dicom.made import write_series
from tests.pages.conftest import case_in
from workspace.jobs.background import Progress
from workspace.study import prepared_files
from workspace.study import study as study_module
from workspace.study.preparing import PreparedCase
from workspace.study.study import Study

PATIENCE_S = 60


class Waiting:
    """Stands for the preparation, which these heads of six pixels would not survive."""

    settled = True
    stopped = True
    error = None
    result = None

    def __init__(self, work, *, name):
        self.work = work
        self.progress = self
        self.steps = [("turn", 0.0, True), ("pixels", 1.24, True), ("mask", 2.0, False)]

    def stop(self):
        self.stopped = True


@pytest.fixture
def open_study(monkeypatch):
    def run(folder):
        study = Study(DicomFiles((folder,)))
        assert study.reading.wait(PATIENCE_S)
        monkeypatch.setattr(study_module, "BackgroundTask", Waiting)
        app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120)
        app.session_state["study"] = study
        app.run()
        assert not app.exception
        return app

    return run


def button(app, label):
    [found] = [each for each in app.button if each.label == label]
    return found


def series(app):
    return {box.label: box.value for box in app.selectbox if box.label.startswith("Read ")}


def html(app):
    return " ".join(element.proto.body for element in app.get("html"))


def test_a_series_has_its_modality_its_reason_and_its_picture(open_study, tmp_path):
    write_series(tmp_path, series="ax FLAIR")
    app = open_study(tmp_path)
    assert series(app) == {"Read ax FLAIR as": "flair"}
    assert "TI 2500 ms" in html(app)
    assert "5.5 mm apart" in html(app)
    assert "Middle slice of 5  ax FLAIR" in html(app)
    assert any("No T1 after contrast" in info.value for info in app.info)


def test_a_description_brings_no_markup_of_its_own(open_study, tmp_path):
    write_series(tmp_path, series="FLAIR <b onclick=x>")
    app = open_study(tmp_path)
    assert "<b onclick" not in html(app)
    assert "FLAIR &lt;b onclick=x&gt;" in html(app)


def test_the_steps_have_their_times(open_study, tmp_path):
    write_series(tmp_path, series="ax FLAIR")
    text = html(open_study(tmp_path))
    assert "read 1.2 s ✓" in text
    assert "find the brain 2.0 s …" in text
    assert "waiting for its turn" not in text


def test_two_exams_are_a_question_and_nothing_is_prepared(open_study, tmp_path):
    write_series(tmp_path / "a", series="ax FLAIR", study="one", date="20240312")
    write_series(tmp_path / "b", series="ax FLAIR", study="two", date="20240604")
    app = open_study(tmp_path)
    [exams] = [radio for radio in app.radio if "choose one" in radio.label]
    assert exams.value is None
    assert exams.options == ["12 March 2024, 1 series", "4 June 2024, 1 series"]
    assert not series(app)
    assert app.session_state["study"].preparing is None
    exams.set_value(2).run()
    assert series(app) == {"Read ax FLAIR as": "flair"}
    assert app.session_state["study"].exam.when == "4 June 2024"


def test_two_patients_are_told_apart_by_number_alone(open_study, tmp_path):
    for patient in ("P1", "P2"):
        write_series(tmp_path / patient, series="ax FLAIR", patient=patient)
    app = open_study(tmp_path)
    [exams] = [radio for radio in app.radio if "choose one" in radio.label]
    assert all("patient" in option for option in exams.options)
    assert not any("Doe" in option or "P1" in option for option in exams.options)


def test_what_cannot_be_told_is_asked_before_anything_is_prepared(open_study, tmp_path):
    def silent(dataset, _):
        for keyword in ("EchoTime", "RepetitionTime", "InversionTime"):
            delattr(dataset, keyword)

    write_series(tmp_path / "a", series="ax FLAIR")
    write_series(tmp_path / "b", series="ax head", number=9, edit=silent)
    app = open_study(tmp_path)
    assert series(app)["Read ax head as"] is None
    assert app.session_state["study"].preparing is None
    next(box for box in app.selectbox if "head" in box.label).select("t2").run()
    assert not app.exception
    assert series(app) == {"Read ax FLAIR as": "flair", "Read ax head as": "t2"}
    assert app.session_state["study"].preparing is not None


def test_a_series_can_be_left_out(open_study, tmp_path):
    write_series(tmp_path, series="ax FLAIR")
    app = open_study(tmp_path)
    app.selectbox[0].select("–").run()
    assert any("choose one below" in warning.value for warning in app.warning)
    assert "left out by you" in html(app)


def test_files_without_mr_are_one_sentence(open_study, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear colleague")
    app = open_study(tmp_path)
    assert any("No MR images were found" in error.value for error in app.error)
    button(app, "Clear all").click().run()
    assert "study" not in app.session_state


def test_a_series_that_cannot_be_read_says_why(open_study, tmp_path):
    write_series(tmp_path / "a", series="ax FLAIR")
    write_series(tmp_path / "b", series="scout", number=1, slices=range(2))
    app = open_study(tmp_path)
    assert "has only 2 slices" in html(app)
    assert "Read scout as" not in series(app)


@pytest.fixture
def files_on_two_grids(small_case_folder):
    image = nib.load(next(small_case_folder.glob("*_t1.*")))
    half = nib.Nifti1Image(np.asarray(image.dataobj)[::2], image.affine @ np.diag([2, 1, 1, 1]))
    [t1c] = small_case_folder.glob("*_t1ce.*")
    return [("small_t1.nii", half.to_bytes()), (t1c.name, t1c.read_bytes())]


def drop(app, *files):
    app.file_uploader[0].set_value([(*file, "application/octet-stream") for file in files]).run()
    assert not app.exception
    return app


class AtOnce:
    """Stands for the thread: the work is done when it is begun."""

    settled = True
    stopped = False

    def __init__(self, work, *, name):
        self.progress = Progress()
        self.result = self.error = None
        try:
            self.result = work(self.progress)
        except InputError as error:
            self.error = error
        self.progress.end()


@pytest.fixture
def prepared_at_once(monkeypatch):
    """What the preparation is given, and what is said to have come of it."""
    given = []
    monkeypatch.setattr(prepared_files, "BackgroundTask", AtOnce)
    monkeypatch.setattr(st, "switch_page", given.append)

    def become(outcome):
        def prepare_files(files, progress, *, brain_mask):
            if brain_mask is not None:
                given.append((brain_mask.name, brain_mask.read_bytes()))
            given.append(sorted(files.modalities))
            assert all(path.is_file() for path in files.modalities.values())
            if isinstance(outcome, Exception):
                raise outcome
            return PreparedCase(outcome, outcome)

        monkeypatch.setattr(prepared_files, "prepare_files", prepare_files)
        return given

    return become


def test_files_on_grids_of_their_own_are_prepared(files_on_two_grids, opened, prepared_at_once):
    given = prepared_at_once(opened)
    app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120).run()
    drop(app, *files_on_two_grids)
    assert any("the answer returns to the grid of small" in info.value for info in app.info)
    button(app, "Open these files").click().run()
    assert not app.exception
    assert given == [["t1", "t1c"], "pages/compare.py"]
    assert case_in(app) is opened


def test_files_are_prepared_with_a_mask_of_ones_own(files_on_two_grids, opened, prepared_at_once):
    given = prepared_at_once(opened)
    app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120).run()
    drop(app, *files_on_two_grids)
    [box] = [each for each in app.file_uploader if each.label == "Brain mask"]
    box.set_value([("../my mask.nii", b"voxels", "application/octet-stream")]).run()
    button(app, "Open these files").click().run()
    assert not app.exception
    assert given[0] == ("my mask.nii", b"voxels")


def test_files_that_cannot_be_prepared_are_one_sentence_and_stay(
    files_on_two_grids, prepared_at_once
):
    prepared_at_once(InputError("No brain was found in small; give images of a head."))
    app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120).run()
    drop(app, *files_on_two_grids)
    button(app, "Open these files").click().run()
    assert any("No brain was found" in error.value for error in app.error)
    assert "Read small_t1.nii as" in series(app)
    button(app, "Try again").click().run()
    assert not any("No brain was found" in error.value for error in app.error)


def test_a_dropped_study_is_taken_before_the_desk_sees_it(tmp_path):
    files = write_series(tmp_path, series="ax FLAIR")
    app = AppTest.from_file(ROOT / "pages" / "open.py", default_timeout=120).run()
    drop(app, *((file.name, file.read_bytes()) for file in files))
    study = app.session_state["study"]
    assert study.reading.wait(PATIENCE_S)
    assert len(study.reading.result.exams) == 1
    assert not app.error
