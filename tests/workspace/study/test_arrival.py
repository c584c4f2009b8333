import gc
import io
import zipfile

import pytest

from common.vocabulary import MODALITIES
from synthetic.study.write import write_exam
from workspace.study.arrival import study_of


class Upload:
    def __init__(self, name, content):
        self.name, self.content = name, content

    def getvalue(self):
        return self.content


@pytest.fixture(scope="module")
def uploads(study_folder):
    """Some files of the study, several of one name, and what else lies on a disc."""
    files = sorted(file for file in study_folder.rglob("*") if file.is_file())[::40]
    return [
        *(Upload("IM000001", file.read_bytes()) for file in files),
        Upload("README.TXT", b"This disc was written by"),
    ]


def zipped(uploads):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, upload in enumerate(uploads):
            archive.writestr(f"{number}/{upload.name}", upload.content)
    return stream.getvalue()


def settled(study):
    assert study.reading.wait(60)
    assert study.reading.error is None
    return study.reading.result


def test_files_of_dicom_are_a_study_whatever_lies_among_them(uploads):
    study = study_of(uploads)
    found = settled(study)
    assert len(found.exams) == 1
    assert study.reading.progress.total == len(uploads)
    assert any("not DICOM" in sentence for sentence in found.left_out)


def test_a_zip_of_them_is_one_too(uploads):
    study = study_of([Upload("export.zip", zipped(uploads))])
    assert len(settled(study).exams) == 1


def test_their_files_go_when_the_study_is_dropped(uploads):
    study = study_of(uploads)
    settled(study)
    [folder] = study.source.paths
    assert folder.is_dir()
    del study
    gc.collect()
    assert not folder.exists()


def test_what_is_no_dicom_is_left_to_the_desk(uploads, small_case_folder):
    nifti = next(small_case_folder.iterdir())
    assert study_of([Upload(nifti.name, nifti.read_bytes())]) is None
    assert study_of([Upload("cat.jpg", b"\xff\xd8\xff a cat")]) is None
    images = [Upload(file.name, file.read_bytes()) for file in small_case_folder.iterdir()]
    assert study_of([Upload("case.zip", zipped(images))]) is None
    assert study_of([*uploads, Upload(nifti.name, nifti.read_bytes())]) is None


def test_a_zip_that_leads_out_of_itself_is_no_study(uploads):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("../../IM000001", uploads[0].content)
    # The desk refuses it, in its own words.
    assert study_of([Upload("export.zip", stream.getvalue())]) is None


def test_an_upload_cannot_choose_a_path(uploads):
    study = study_of([Upload("../../../etc/IM1", uploads[0].content)])
    files = [file for file in study.source.paths[0].rglob("*") if file.is_file()]
    assert [file.name for file in files] == ["IM1"]


@pytest.fixture(scope="module")
def with_json(exam_of_a_head, tmp_path_factory):
    """What dcm2niix would have written of the study."""
    folder = tmp_path_factory.mktemp("dcm2niix") / "study"
    write_exam(exam_of_a_head, folder, variant="nifti")
    return [Upload(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]


def test_nifti_with_the_json_of_dcm2niix_is_a_study(with_json):
    images = [upload for upload in with_json if upload.name.endswith(".nii.gz")]
    read = settled(study_of(with_json))
    assert len(read.exams[0].series) == len(images) == 4
    assert set(read.pictures) == {(1, index) for index in range(4)}
    choice = read.exams[0].choose({}, ())
    assert tuple(choice.chosen) == MODALITIES
    assert study_of(images) is None  # names alone are the desk's
    assert study_of([*with_json, with_json[0]]) is None  # which of the two, nobody knows
