"""Sources: whatever a user gives becomes the files of each case, or one sentence."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases


def names_of(paths):
    with open_cases(paths) as cases:
        return [case.name for case in cases]


def zip_folder(folder, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


def stack_of(*images):
    return np.stack(images, axis=-1)


@pytest.fixture
def refusal(assert_refused):
    def refuse(paths, file_name):
        with pytest.raises(InputError) as caught, open_cases(paths):
            pass
        assert_refused(caught.value, file_name)
        return str(caught.value)

    return refuse


# --- what is right -------------------------------------------------------------------------


def test_a_folder_is_one_case(write_case):
    folder = write_case("P1", truth=True)
    with open_cases([folder]) as cases:
        assert cases == [
            CaseFiles(
                "P1",
                modalities={
                    "t1": folder / "P1_t1.nii.gz",
                    "t1c": folder / "P1_t1ce.nii.gz",
                    "t2": folder / "P1_t2.nii.gz",
                    "flair": folder / "P1_flair.nii.gz",
                },
                truth=folder / "P1_seg.nii.gz",
            )
        ]


@pytest.mark.parametrize("template", ["Brats18_{}.nii.gz", "BraTS-GLI-7-{}.nii", "{}.NII"])
@pytest.mark.parametrize(
    "suffixes", [("t1", "t1ce", "t2", "flair", "seg"), ("T1N", "T1C", "T2W", "T2F", "SEG")]
)
def test_every_naming(write_nifti, template, suffixes):
    paths = [write_nifti(f"case/{template.format(suffix)}") for suffix in suffixes]
    with open_cases([paths[0].parent]) as [case]:
        assert [*case.modalities.values(), case.truth] == paths
        assert tuple(case.modalities) == MODALITIES


def test_modalities_are_in_order_whatever_the_order_of_files(write_case):
    files = sorted(write_case().iterdir(), reverse=True)
    with open_cases(files) as [case]:
        assert tuple(case.modalities) == MODALITIES
        assert case.name == "P1"


def test_some_modalities_and_no_truth(write_case):
    with open_cases([write_case(modalities=("t2",))]) as [case]:
        assert tuple(case.modalities) == ("t2",)
        assert case.truth is None


def test_strings_are_paths_too(write_case):
    assert names_of([str(write_case())]) == ["P1"]


def test_what_else_lies_in_a_folder_is_left_alone(write_case, write_nifti):
    folder = write_case()
    (folder / "notes.txt").write_text("seen by Dr X")
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / "._P1_t1.nii.gz").write_bytes(b"\0")
    write_nifti("P1/brain_mask.nii.gz")
    with open_cases([folder]) as [case]:
        assert len(case.modalities) == 4


def test_a_folder_of_folders_is_many_cases(write_case, tmp_path):
    for name in ("P3", "P1", "group/P2"):
        write_case(f"data/{name}")
    (tmp_path / "data/docs").mkdir()
    (tmp_path / "data/cases.csv").write_text("case,split\n")
    assert names_of([tmp_path / "data"]) == ["P1", "P3", "P2"]


def test_folders_called_like_their_file(write_nifti, tmp_path):
    """As one copy of BraTS 2020 has it."""
    write_nifti("P1/P1_t1.nii/00000057_brain_t1.nii")
    write_nifti("P1/P1_flair.nii/00000057_brain_flair.nii")
    (tmp_path / "P1/P1_flair.nii/._00000057_brain_flair.nii").write_bytes(bytes(9))
    with open_cases([tmp_path / "P1"]) as [case]:
        assert tuple(case.modalities) == ("t1", "flair")


def test_several_folders_and_files(write_case):
    loose = sorted(write_case("P3").iterdir())
    assert names_of([write_case("P1"), *loose, write_case("P2")]) == ["P1", "P2", "P3"]


def test_cases_that_share_a_name_are_numbered(write_case):
    folders = [write_case(f"{place}/P1") for place in "abc"]
    assert names_of(folders) == ["P1", "P1_2", "P1_3"]


def test_a_case_takes_its_folders_name_where_files_have_none(write_case):
    assert names_of([write_case("Anna", stem="")]) == ["Anna"]


def test_the_working_directory_is_a_folder_like_others(write_case, monkeypatch):
    monkeypatch.chdir(write_case("Anna", stem=""))
    assert names_of([Path()]) == ["Anna"]


def test_one_4d_file(write_nifti, make_image):
    path = write_nifti("BRATS_001.nii.gz", stack_of(*map(make_image, range(4))))
    with open_cases([path]) as [case]:
        assert case == CaseFiles("BRATS_001", stacked=path)
    with open_cases([path], channels=("flair", "t1", "t1c", "t2")) as [case]:
        assert case.channels == ("flair", "t1", "t1c", "t2")


def test_a_folder_of_one_4d_file_and_its_truth(write_nifti, make_image):
    path = write_nifti("P1/scan.nii.gz", stack_of(*map(make_image, range(4))))
    truth = write_nifti("P1/scan_seg.nii.gz")
    with open_cases([path.parent]) as [case]:
        assert case == CaseFiles("scan", stacked=path, truth=truth)
    with open_cases([truth, path]) as [case]:
        assert (case.stacked, case.truth) == (path, truth)


@pytest.mark.parametrize("top", ["P1", "deep/er/P1", "."])
def test_a_zip_of_one_case(write_case, tmp_path, top):
    write_case(f"in/{top}", stem="P1", truth=True)
    path = zip_folder(tmp_path / "in", tmp_path / "upload.zip")
    with open_cases([path]) as [case]:
        assert case.name == "P1"
        assert tuple(case.modalities) == MODALITIES
        assert read_case(case).truth.any()


def test_a_zip_of_many_cases(write_case, tmp_path):
    for name in ("P1", "P2"):
        write_case(f"in/{name}")
    assert names_of([zip_folder(tmp_path / "in", tmp_path / "x.zip")]) == ["P1", "P2"]


def test_a_zip_of_a_4d_file(write_nifti, make_image, tmp_path):
    write_nifti("in/scan.nii.gz", stack_of(*map(make_image, range(4))))
    with open_cases([zip_folder(tmp_path / "in", tmp_path / "x.zip")]) as [case]:
        assert read_case(case).present == MODALITIES


def test_a_zip_from_windows(write_case, tmp_path):
    folder = write_case("P1")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for file in folder.iterdir():
            archive.writestr(zipfile.ZipInfo(f"P1\\{file.name}"), file.read_bytes())
    assert names_of([tmp_path / "x.zip"]) == ["P1"]


def test_a_zip_whose_case_has_no_name(write_case, tmp_path):
    write_case("in", stem="")
    assert names_of([zip_folder(tmp_path / "in", tmp_path / "Anna.zip")]) == ["Anna"]


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_unpacked_is_removed(write_case, tmp_path, fails):
    path = zip_folder(write_case("in"), tmp_path / "x.zip")
    try:
        with open_cases([path]) as [case]:
            place = case.modalities["t1"].parent
            assert place.is_dir()
            if fails:
                raise KeyboardInterrupt
    except KeyboardInterrupt:
        assert fails
    assert not place.exists()


def test_what_was_unpacked_is_removed_when_a_later_file_is_refused(
    write_case, tmp_path, monkeypatch
):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    path = zip_folder(write_case("in"), tmp_path / "x.zip")
    with pytest.raises(InputError), open_cases([path, tmp_path / "absent"]):
        pass
    assert list((tmp_path / "temporary").iterdir()) == []


# --- what is wrong -------------------------------------------------------------------------


def test_no_path(assert_refused):
    with pytest.raises(InputError, match="No file was given"), open_cases([]):
        pass


def test_a_path_that_does_not_exist(tmp_path, refusal):
    assert "does not exist" in refusal([tmp_path / "absent"], "absent")


def test_a_folder_of_other_files_says_what_is_there(tmp_path, refusal):
    for name in ("a.txt", "b.txt", "c.txt", "d.txt"):
        (tmp_path / name).write_text("hello")
    message = refusal([tmp_path], tmp_path.name)
    assert (
        "holds a.txt, b.txt, c.txt and 1 more, but no scan; give NIfTI files named like" in message
    )
    assert "_flair.nii.gz" in message


def test_an_empty_folder(tmp_path, refusal):
    assert "is empty" in refusal([tmp_path], tmp_path.name)


def test_folders_below_the_depth_are_not_searched(write_case, tmp_path, refusal):
    write_case("a/b/c/d/e/f/P1")
    refusal([tmp_path / "a"], "a")


def test_a_zip_of_other_files_says_what_is_there(tmp_path, refusal):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("scans/1.dcm", b"")
        archive.writestr("inner.zip", b"PK")
    assert "holds inner.zip, 1.dcm, but no" in refusal([tmp_path / "x.zip"], "x.zip")


def test_a_damaged_file_in_a_zip(write_case, tmp_path, refusal):
    path = zip_folder(write_case("P1", suffix=".nii"), tmp_path / "x.zip")
    content = bytearray(path.read_bytes())
    content[500:510] = b"damagehere"
    path.write_bytes(content)
    assert "cannot be unpacked" in refusal([path], "x.zip")


def test_a_file_twice_in_a_zip(tmp_path, refusal):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a/x_t1.nii", b"one")
        archive.writestr("a\\x_t1.nii", b"two")
    assert "cannot be unpacked" in refusal([tmp_path / "x.zip"], "x.zip")


def test_two_files_for_one_modality(write_nifti, refusal):
    write_nifti("P1/x_t1ce.nii.gz")
    folder = write_nifti("P1/x_t1gd.nii.gz", np.ones((9, 8, 7), np.int16)).parent
    message = refusal([folder], "x_t1gd.nii.gz")
    assert "x_t1ce.nii.gz" in message
    assert "both called T1c" in message


def test_two_patients_in_one_folder(write_case, refusal):
    write_case("P1", stem="anna")
    assert "each patient a folder" in refusal([write_case("P1", stem="bert")], "anna_flair.nii.gz")


@pytest.mark.parametrize("loose", [False, True])
def test_a_truth_alone(write_nifti, refusal, loose):
    path = write_nifti("P1/x_seg.nii.gz")
    given = path if loose else path.parent
    assert "a truth without a scan" in refusal([given], "x_seg.nii.gz")


@pytest.mark.parametrize("loose", [False, True])
def test_a_name_that_says_nothing(write_nifti, refusal, loose):
    path = write_nifti("P1/scan.nii.gz")
    message = refusal([path if loose else path.parent], "scan.nii.gz")
    assert "does not state which modality" in message


def test_a_picked_file_is_never_left_out(write_case, write_nifti, make_image, refusal):
    files = sorted(write_case().iterdir())
    refusal([*files, write_nifti("other.nii.gz")], "other.nii.gz")
    stack = write_nifti("stack.nii.gz", stack_of(make_image(), make_image()))
    refusal([*files, stack], "stack.nii.gz")
    refusal([stack, write_nifti("other.nii.gz")], "other.nii.gz")


def test_a_picked_file_that_is_no_scan_is_called_what_it_is(write_case, tmp_path, refusal):
    paper = tmp_path / "x_t1.pdf"
    paper.write_bytes(b"%PDF" + bytes(99))
    assert "is a PDF" in refusal([paper], "x_t1.pdf")
    assert "is a PDF" in refusal([*write_case().iterdir(), paper], "x_t1.pdf")


def test_two_4d_files(write_nifti, make_image, refusal):
    write_nifti("P1/a.nii", stack_of(make_image(), make_image()))
    folder = write_nifti("P1/b.nii", stack_of(make_image(), make_image())).parent
    assert "both hold several images" in refusal([folder], "a.nii")


# --- the zoo, by every way in ------------------------------------------------------------


def as_itself(path):
    return path


def in_a_folder(path):
    return path.parent


def in_a_zip(path):
    return zip_folder(path.parent, path.parent.parent / "upload.zip")


@pytest.mark.parametrize("given", [as_itself, in_a_folder, in_a_zip])
def test_refuses_the_zoo(corrupt_file, words_of_refusal, given, assert_refused):
    with pytest.raises(InputError) as caught, open_cases([given(corrupt_file)]) as [case]:
        read_case(case)
    assert_refused(caught.value, corrupt_file.name, words_of_refusal)


@pytest.mark.parametrize("given", [as_itself, in_a_folder, in_a_zip])
def test_accepts_the_healthy(healthy_file, given):
    with open_cases([given(healthy_file)]) as [case]:
        assert read_case(case).present == ("t1",)


@pytest.mark.parametrize("given", [as_itself, in_a_folder, in_a_zip])
def test_refuses_the_zoo_without_a_name(corrupt_file, given, assert_refused):
    nameless = corrupt_file.rename(corrupt_file.with_name("patient.nii.gz"))
    with pytest.raises(InputError) as caught, open_cases([given(nameless)]) as [case]:
        read_case(case)
    assert_refused(caught.value, nameless.name)


def test_real_folder(real_case):
    with open_cases([real_case]) as [case]:
        assert case.name == real_case.name
        assert tuple(case.modalities) == MODALITIES
        assert case.truth is not None
