"""A study is written again as series of its own, and what is timed is what reads it."""

import pytest

from benchmarks.headers import COLD, WARM, format_headers, measure_headers, write_again
from common.errors import InputError
from inference.dicom.exams import find_exams
from tests.inference.dicom.made import write_series


def test_a_study_is_written_again_until_there_are_as_many_files(tmp_path):
    write_series(tmp_path / "study", slices=range(6))
    written = write_again(tmp_path / "study", tmp_path / "again", 15)
    assert len(written) == 15
    (exam,) = find_exams([tmp_path / "again"]).exams
    assert [len(series.slices) for series in exam.series] == [6, 6, 3]


def test_both_ways_are_timed(tmp_path):
    write_series(tmp_path, slices=range(6))
    found = measure_headers(tmp_path, files=8, repeats=2)
    assert found["files"] == 8
    assert all(run["wall_s"] > 0 for way in (WARM, COLD) for run in found[way])
    assert "8 files" in format_headers(found)


def test_a_folder_without_images_is_a_sentence(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(InputError, match="holds no MR images"):
        measure_headers(tmp_path, files=3, repeats=1)
