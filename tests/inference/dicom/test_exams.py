"""Which exams are found, and that several are a question that names nobody."""

import datetime

import pytest

from common.errors import InputError
from inference.dicom.choice import choose_exam
from inference.dicom.exams import find_exams
from tests.inference.dicom.made import dataset, write, write_series


def test_files_of_any_name_in_nested_folders_are_one_exam(tmp_path):
    write_series(tmp_path / "a" / "b", prefix="x.")
    write_series(tmp_path / "c", series="T1", number=2, prefix="")
    seen = []
    found = find_exams([tmp_path], progress=lambda done, all_: seen.append((done, all_)))
    (exam,) = found.exams
    assert [series.name for series in exam.series] == ["T1", "FLAIR"]
    assert exam.date == datetime.date(2024, 3, 12)
    assert seen[-1] == (20, 20)
    assert choose_exam(found) is exam


def test_facts_say_how_it_was_acquired(tmp_path):
    write_series(tmp_path)
    facts = find_exams([tmp_path]).exams[0].series[0].facts
    assert (facts.echo_time_ms, facts.repetition_time_ms, facts.inversion_time_ms) == (
        94.0,
        8000.0,
        2500.0,
    )
    assert facts.acquired_s == 10 * 3600 + 15 * 60 + 30.5
    assert facts.patient_age_years == 45
    assert facts.is_3d is False
    assert facts.shape == (6, 8, 10)
    assert facts.spacing_mm == pytest.approx((1.2, 0.8, 5.5))


def test_two_dates_are_a_question(tmp_path):
    write_series(tmp_path / "1", date="20240604", study="later")
    write_series(tmp_path / "2", date="20240312")
    found = find_exams([tmp_path])
    with pytest.raises(InputError) as error:
        choose_exam(found)
    assert str(error.value) == (
        "The files hold 2 exams: 1) 12 March 2024, 1 series; 2) 4 June 2024, 1 series. Choose one "
        "with --study NUMBER, DATE or UID, such as --study 2024-03-12."
    )
    for wanted in ("2", "2024-06-04", "20240604", found.exams[1].uid):
        assert choose_exam(found, wanted) is found.exams[1]
    with pytest.raises(InputError, match="No exam is '2023-01-01'"):
        choose_exam(found, "2023-01-01")


def test_two_patients_are_never_mixed_and_not_named(tmp_path):
    write_series(tmp_path / "1", patient="Zorro")
    write_series(tmp_path / "2", patient="Batman")
    found = find_exams([tmp_path])
    assert len(found.exams) == 2
    with pytest.raises(
        InputError, match=r"2 exams of 2 patients: 1.*patient 1.*patient 2"
    ) as error:
        choose_exam(found, "2024-03-12")
    for secret in ("Zorro", "Batman", "Doe", "Jane"):
        assert secret not in str(error.value)
        assert secret not in repr(found)


@pytest.mark.parametrize(
    ("charset", "name"), [("ISO_IR 100", "Müller^Jörg"), ("ISO 2022 IR 87", "山田^太郎")]
)
def test_one_patient_by_name_in_any_character_set(tmp_path, charset, name):
    def edit(ds, _):
        ds.SpecificCharacterSet = ["", charset] if "2022" in charset else charset
        ds.PatientID = ""
        ds.PatientName = name
        ds.SeriesDescription = "T1 nach Kontrast ü" if "100" in charset else "造影"

    write_series(tmp_path, edit=edit)
    (exam,) = find_exams([tmp_path]).exams
    assert exam.series[0].facts.description in ("T1 nach Kontrast ü", "造影")
    assert name.split("^")[0] not in repr(exam)


@pytest.mark.parametrize(
    ("sop_class", "said"),
    [
        ("1.2.840.10008.5.1.4.1.1.2", "1 CT slice"),
        ("1.2.840.10008.5.1.4.1.1.88.33", "1 structured report (SR)"),
        ("1.2.840.10008.5.1.4.1.1.88.59", "1 key object selection (KO)"),
        ("1.2.840.10008.5.1.4.1.1.11.1", "1 presentation state"),
        ("1.2.840.10008.5.1.4.1.1.104.1", "1 document (PDF)"),
        ("1.2.840.10008.5.1.4.1.1.66.4", "1 segmentation (SEG)"),
        ("1.2.840.10008.5.1.4.1.1.481.3", "1 radiotherapy structure set (RTSTRUCT)"),
        ("1.2.840.10008.5.1.4.1.1.7", "1 secondary capture"),
        ("1.2.3", "1 DICOM object of another kind"),
    ],
)
def test_what_is_no_mr_image_is_named(tmp_path, sop_class, said):
    ds = dataset(0)
    ds.SOPClassUID = sop_class
    write(ds, tmp_path / "x")
    (tmp_path / "readme.txt").write_text("hello")
    found = find_exams([tmp_path])
    assert not found.exams
    with pytest.raises(InputError, match="No MR images were found") as error:
        choose_exam(found)
    assert said in str(error.value)
    assert "1 file that is not DICOM" in str(error.value)


def test_a_dicomdir_alone_gets_a_sentence(tmp_path):
    ds = dataset(0)
    ds.SOPClassUID = "1.2.840.10008.1.3.10"
    write(ds, tmp_path / "DICOMDIR")
    with pytest.raises(InputError, match="only the table of contents"):
        choose_exam(find_exams([tmp_path / "DICOMDIR"]))


def test_nothing_given_and_cancelled(tmp_path):
    with pytest.raises(InputError, match="There are no files"):
        choose_exam(find_exams([tmp_path]))
    write_series(tmp_path)
    with pytest.raises(InterruptedError):
        find_exams([tmp_path], cancelled=lambda: True)


def test_a_name_in_a_description_leaves_the_room_nowhere(tmp_path):
    def named(ds, index):
        ds.PatientName, ds.PatientID = "MEIER^HANS", "MH4711"
        ds.SeriesDescription = "T1 Meier Hans 03.04.1950"
        ds.ProtocolName = "mh4711 t1"

    write_series(tmp_path, edit=named)
    [series] = find_exams([tmp_path]).exams[0].series
    assert (series.facts.description, series.facts.protocol) == ("T1", "t1")
    assert series.name == "T1"
