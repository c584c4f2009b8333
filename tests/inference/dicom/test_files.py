"""Files under folders: of any name, each once, and no more than there may be."""

import pytest

from common.errors import InputError
from inference.dicom import files
from inference.dicom.files import all_files, files_under


def test_more_files_than_of_any_exam_are_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_FILES", 5)
    for number in range(5):
        (tmp_path / f"{number}").touch()
    assert len(all_files([tmp_path, tmp_path / "3"])) == 5
    (tmp_path / "one more").touch()
    with pytest.raises(InputError, match="more than 5 files; give the folder of one exam"):
        all_files([tmp_path])


def test_folders_without_end_come_to_an_end(tmp_path):
    (tmp_path / "here").touch()
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "away").symlink_to("/etc/passwd")
    deep = tmp_path.joinpath(*["a"] * 40)
    deep.mkdir(parents=True)
    (deep / "too deep").touch()
    (tmp_path / "a" / "a" / "there").touch()
    assert [file.name for file in files_under(tmp_path)] == ["here", "there"]
