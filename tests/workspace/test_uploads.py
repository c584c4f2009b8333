"""What is dropped lies on the desk as images with roles, or is refused in a sentence."""

import shutil
import tempfile

from inference.reader import read_case
from inference.vocabulary import MODALITIES
from tests.workspace.drops import Upload, disc, laid, picture, roles, uploads, zipped
from workspace.desk import NOT_USED, Desk, case_files, grid_differences, problem
from workspace.uploads import MAX_IMAGES, take_in


def test_files_of_a_case_are_recognised_in_order_and_read(small_case_folder):
    on = laid(*reversed(uploads(small_case_folder)))
    assert roles(on) == [*MODALITIES, "truth"]
    assert on.refused == []
    assert problem(on) is None
    assert grid_differences(on) == []
    with case_files(on) as files:
        case = read_case(files)
    assert case.present == MODALITIES
    assert case.name == "small"
    assert case.truth.any()


def test_files_dropped_one_after_the_other_add_up(small_case_folder):
    on = Desk()
    for upload in uploads(small_case_folder):
        take_in(on, [upload])
    assert roles(on) == [*MODALITIES, "truth"]
    assert on.rounds == 5


def test_nothing_is_left_on_disk(small_case_folder, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    on = laid(*uploads(small_case_folder))
    assert list(tmp_path.iterdir()) == []
    with case_files(on) as files:
        assert files.truth.is_relative_to(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_refused_is_said_and_the_rest_stays(small_case_folder):
    cat = Upload("cat_flair.nii.gz", b"\xff\xd8\xff a cat")
    on = laid(cat, *uploads(small_case_folder, "*_t1.*"), Upload("notes.txt", b"hello"))
    assert roles(on) == ["t1"]
    assert "cat_flair.nii.gz is a JPEG picture" in on.refused[0]
    assert "notes.txt is no kind of file GlioLens reads" in on.refused[1]
    take_in(on, uploads(small_case_folder, "*_t2.*"))
    assert roles(on) == ["t1", "t2"]
    assert on.refused == []


def test_a_zip_lies_open_on_the_desk(small_case_folder, tmp_path):
    shutil.copytree(small_case_folder, tmp_path / "P1")
    shutil.copy(next(small_case_folder.glob("*seg*")), tmp_path / "P1" / "brain_mask.nii.gz")
    on = laid(zipped(tmp_path / "P1", tmp_path))
    assert roles(on) == [*MODALITIES, "truth", NOT_USED]
    assert problem(on) is None
    with case_files(on) as files:
        assert len(read_case(files).present) == 4


def test_a_zip_of_two_cases_is_told(data_folder, tmp_path):
    on = laid(zipped(data_folder, tmp_path, "scans"))
    assert on.rows == []
    assert on.refused == ["scans.zip holds 4 cases; give a zip of one patient's files."]


def test_a_stack_of_pictures_is_told(tmp_path):
    stack = tmp_path / "stack"
    stack.mkdir()
    for number in range(MAX_IMAGES + 2):
        (stack / f"slice_{number}.png").write_bytes(picture(disc()))
    on = laid(zipped(stack, tmp_path))
    assert on.rows == []
    assert "give the scan of one patient as NIfTI" in on.refused[0]
