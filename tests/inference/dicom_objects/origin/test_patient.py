"""Who an object is filed under, and that nobody else hears of it."""

import logging
import warnings

import pytest
from pydicom import dcmread

from common.errors import InputError
from inference.dicom_objects.origin.patient import patient_and_study, pseudonym
from inference.dicom_objects.origin.pseudonym import KEY, pseudonym_of
from tests.inference.dicom import made
from tests.inference.dicom_objects.conftest import PLANES, answered, enlarge

KINDS = ("seg", "regions", "rtstruct", "sr")


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_is_filed_under_the_patient_and_study_of_its_images(files, kind):
    found = dcmread(files[kind])
    assert str(found.PatientName) == "Doe^Jane"
    assert (found.PatientID, found.PatientBirthDate, found.PatientSex) == ("P1", "19540103", "F")
    assert (found.AccessionNumber, found.StudyID) == ("A-17", "S3")
    assert (found.StudyDate, found.StudyTime) == ("20240312", "101500")
    assert found.StudyInstanceUID == made.uid("P1", "study")


def written(folder, edit, kinds=("seg", "sr", "rtstruct")):
    """What is written of a series whose headers were changed."""

    def both(dataset, index):
        enlarge(dataset, index)
        edit(dataset)

    made.write_series(folder / "in", edit=both, slices=range(PLANES), spacing=1.0)
    return answered(folder / "in").write(folder / "out", kinds)


def test_what_the_source_lacks_is_there_and_empty(tmp_path):
    def edit(dataset):
        for keyword in ("PatientName", "PatientSex", "StudyDate", "AccessionNumber", "StudyID"):
            del dataset[keyword]

    for file in written(tmp_path, edit).values():
        found = dcmread(file)
        assert found.PatientName == found.PatientSex == found.StudyDate == ""
        assert found.AccessionNumber == found.StudyID == ""


def test_what_has_not_its_form_is_left_empty(tmp_path):
    def edit(dataset):
        dataset.PatientSex, dataset.StudyTime = "W", "quarter past ten"
        dataset.PatientBirthDate = "3.1.1954"

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pydicom, of what is written here
        files = written(tmp_path, edit)
    for file in files.values():
        found = dcmread(file)
        assert found.PatientSex == found.StudyTime == found.PatientBirthDate == ""


def test_a_name_in_any_letters_stays_as_it_is(tmp_path):
    def edit(dataset):
        dataset.SpecificCharacterSet = ["", "ISO 2022 IR 87"]
        dataset.PatientName = "Yamada^Tarou=山田^太郎"

    for file in written(tmp_path, edit).values():
        found = dcmread(file)
        assert found.SpecificCharacterSet == "ISO_IR 192"
        assert str(found.PatientName) == "Yamada^Tarou=山田^太郎"


def test_blanks_inside_a_number_stay(tmp_path):
    def edit(dataset):
        dataset.PatientID = "12  34 "

    for file in written(tmp_path, edit).values():
        assert dcmread(file).PatientID == "12  34"


def test_nothing_quotes_a_name(tmp_path, caplog, capfd):
    """A name of one part makes highdicom warn, and log, with the name in it."""

    def edit(dataset):
        dataset.PatientName, dataset.PatientID = "Onlyname", "number-0815"

    with caplog.at_level(logging.DEBUG), warnings.catch_warnings(record=True) as warned:
        files = written(tmp_path, edit)
    heard = caplog.text + "".join(capfd.readouterr()) + "".join(str(w.message) for w in warned)
    assert "Onlyname" not in heard
    assert "0815" not in heard
    assert not [file for file in files.values() if "Onlyname" in file.name or "P1" in file.name]


def test_a_file_that_is_gone_is_said_without_a_traceback(tmp_path):
    with pytest.raises(InputError, match=r"gone\.dcm is no longer where it was read"):
        patient_and_study(tmp_path / "gone.dcm")


def test_a_pseudonym_is_the_same_for_the_same_patient_and_key(monkeypatch):
    patient = pseudonym("4711", "1.2.3")
    monkeypatch.delenv(KEY, raising=False)
    assert pseudonym_of(patient) is None
    monkeypatch.setenv(KEY, "one secret")
    first = pseudonym_of(patient)
    assert first == pseudonym_of(pseudonym("4711", "1.2.4"))
    assert "4711" not in first
    monkeypatch.setenv(KEY, "another secret")
    assert pseudonym_of(patient) != first
