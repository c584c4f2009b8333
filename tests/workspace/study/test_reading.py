import base64
import io

import pytest
from PIL import Image

from inference.study.sources import DicomFiles
from workspace.jobs.background import Progress
from workspace.study.reading import read_study


def test_every_file_is_counted_and_every_series_has_a_picture(read, study_folder):
    files = [file for file in study_folder.rglob("*") if file.is_file()]
    progress = read.reading.progress
    assert (progress.done, progress.total) == (len(files), len(files))
    exam = read.exam
    assert exam is not None
    pictures = read.reading.result.pictures
    assert {index for _, index in pictures} == set(range(len(exam.series)))
    source = pictures[exam.ordinal, 0].removeprefix("data:image/png;base64,")
    picture = Image.open(io.BytesIO(base64.b64decode(source)))
    assert max(picture.size) == 96
    assert len(set(picture.getdata())) > 20


def test_reading_stops_when_it_is_no_longer_wanted(study_folder):
    class Impatient(Progress):
        def count(self, done, total):
            super().count(done, total)
            self.stop()

    progress = Impatient()
    with pytest.raises(InterruptedError):
        read_study(DicomFiles((study_folder,)), progress)
    assert progress.done == 1


def test_a_folder_without_dicom_has_no_exam(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear colleague")
    read = read_study(DicomFiles((tmp_path,)), Progress())
    assert not read.exams
    assert read.left_out == ("1 file that is not DICOM: left out.",)
    assert read.nothing.startswith("No MR images were found")


def test_a_localiser_of_three_planes_is_one_series(read):
    assert read.exam.count == 6
    assert len(read.exam.series) == 8
