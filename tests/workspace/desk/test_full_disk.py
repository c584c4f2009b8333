"""Over-long names are read, and a disk that is full is a sentence with nothing lost."""

import errno
import tempfile
import zipfile

import pytest

from common.disk_errors import disk_errors_in_words
from common.errors import InputError
from inference.io.case_reader import read_case
from tests.workspace.desk.drops import Upload, laid, roles, uploads
from workspace.desk.desk import case_files
from workspace.jobs.background import BackgroundTask
from workspace.study.arrival import study_of

LONG = "病" * 95


def test_names_of_95_signs_are_read(small_case_folder):
    ends = {"t1": "*_t1.*", "flair": "*flair*"}
    on = laid(
        *(
            Upload(f"{LONG}_{end}.nii.gz", uploads(small_case_folder, pattern)[0].content)
            for end, pattern in ends.items()
        )
    )
    assert on.refused == []
    assert roles(on) == ["t1", "flair"]
    with case_files(on) as files:
        case = read_case(files)
    assert case.present == ("t1", "flair")
    assert len(case.name.encode()) < 255


def test_long_names_in_a_zip_are_read(small_case_folder, tmp_path):
    path = tmp_path / "scan.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for end in ("t1", "flair"):
            content = uploads(small_case_folder, f"*_{end}.*")[0].content
            archive.writestr(f"{LONG}/{LONG}_{end}.nii.gz", content)
    on = laid(Upload("scan.zip", path.read_bytes()))
    assert roles(on) == ["t1", "flair"]


def test_long_names_of_dicom_are_laid_down(small_case_folder):
    study = study_of([Upload(f"{LONG}.dcm", bytes(128) + b"DICM" + bytes(64))])
    assert study is not None
    study.delete()


def test_a_disk_that_fills_up_while_a_zip_is_unpacked_is_no_damaged_zip(
    small_case_folder, tmp_path, monkeypatch
):
    path = tmp_path / "scan.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a_t1.nii.gz", uploads(small_case_folder, "*_t1.*")[0].content)

    def copyfileobj(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/x")

    monkeypatch.setattr("shutil.copyfileobj", copyfileobj)
    [sentence] = laid(Upload("scan.zip", path.read_bytes())).refused
    assert "no room left" in sentence
    assert "zip the files again" not in sentence


def test_work_in_the_background_ends_in_a_sentence():
    def work(progress):
        raise OSError(errno.ENOSPC, "No space left on device", "/srv/secret")

    task = BackgroundTask(work, name="full")
    assert task.wait(10)
    assert "no room left" in str(task.error)
    assert "secret" not in str(task.error)


@pytest.mark.parametrize(
    "name",
    [
        "x" * 255,
        "🧠" * 80,
        "a\0b",
        "../../etc/p\\q",
        "a\n\tb\u202egpj",
        "a\udcffb",
        "CON:*?",
        "患" * 95,
    ],
)
def test_a_name_that_no_disk_has_is_read_all_the_same(small_case_folder, name):
    ends = {"t1": "*_t1.*", "t1c": "*_t1ce.*"}
    dropped = [
        Upload(f"{name}_{kind}.nii.gz", uploads(small_case_folder, pattern)[0].content)
        for kind, pattern in ends.items()
    ]
    on = laid(*dropped)
    assert roles(on) == list(ends)
    with case_files(on) as files:
        assert read_case(files).present == tuple(ends)


def test_a_file_without_a_name_is_called_so():
    [sentence] = laid(Upload("", b"hello")).refused
    assert sentence.startswith("a file without a name is a text file")


def test_a_temporary_folder_that_was_swept_is_a_sentence(small_case_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    on = laid(*uploads(small_case_folder, "*_t1.*"))
    for file in tmp_path.iterdir():
        file.unlink()
    with (
        pytest.raises(InputError, match="could not be read"),
        disk_errors_in_words(),
        case_files(on),
    ):
        pass
