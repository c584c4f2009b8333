"""A study of DICOM as an examination: what is chosen, left out, and warned of."""

import pytest

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.study.dicom_examination import (
    choose_series,
    read_chosen,
    read_dicom_examination,
    series_table,
)
from tests.inference.dicom.made import write_series


@pytest.fixture
def folder(tmp_path):
    """A FLAIR and a series that nothing tells the kind of."""
    write_series(tmp_path / "a", series="ax FLAIR", number=5)
    write_series(tmp_path / "b", series="ax FLAIR repeat", number=6)
    return tmp_path


def aged(age):
    def edit(dataset, _):
        dataset.PatientAge = age

    return edit


@pytest.mark.parametrize(("age", "warned"), [("009Y", True), ("011M", True), ("045Y", False)])
def test_a_child_is_warned_of(tmp_path, age, warned):
    write_series(tmp_path, series="ax FLAIR", edit=aged(age))
    notes = read_dicom_examination([tmp_path]).notes
    assert any("age of a child" in note for note in notes) == warned


def test_without_an_age_nobody_is_a_child(tmp_path):
    write_series(tmp_path, series="ax FLAIR", edit=aged(""))
    assert not any("child" in note for note in read_dicom_examination([tmp_path]).notes)


def test_one_of_two_alike_is_chosen_and_the_other_steps_in_for_it(folder):
    [exam] = find_exams([folder]).exams
    first = choose_series(exam).chosen["flair"]
    other = choose_series(exam, left_out={first})
    assert other.chosen["flair"] == 1 - first
    row = series_table(exam, other)[first]
    assert (row.modality, row.reason) == (None, "left out by you")


def test_the_users_word_comes_before_the_rules(folder):
    [exam] = find_exams([folder]).exams
    choice = choose_series(exam, fixed={"t2": 0})
    assert choice.chosen == {"t2": 0, "flair": 1}
    assert series_table(exam, choice)[0].reason == "chosen by you"
    assert set(read_chosen(exam, choice).images) == {"t2", "flair"}


def test_where_nothing_is_used_there_is_nothing_to_read(folder):
    [exam] = find_exams([folder]).exams
    with pytest.raises(InputError, match="no series that can be read as"):
        read_chosen(exam, choose_series(exam, left_out={0, 1}))


def test_reading_can_be_cancelled(folder):
    [exam] = find_exams([folder]).exams
    with pytest.raises(InterruptedError):
        read_chosen(exam, choose_series(exam), cancelled=lambda: True)
