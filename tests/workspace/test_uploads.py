import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from inference.errors import InputError
from inference.reader import read_case
from workspace.uploads import (
    NOT_USED,
    STACKED,
    ZIP,
    Assignment,
    case_files,
    check_roles,
    guess_role,
)


@dataclass
class Upload:
    name: str
    content: bytes

    def getbuffer(self):
        return memoryview(self.content)


def uploads(folder):
    return [Upload(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]


@pytest.mark.parametrize(
    ("name", "alone", "role"),
    [
        ("P_flair.nii.gz", False, "FLAIR"),
        ("BraTS-GLI-00001-000-t1c.nii.gz", False, "T1c"),
        ("P_seg.nii.gz", False, "Truth"),
        ("scan.zip", False, ZIP),
        ("all.nii.gz", True, STACKED),
        ("all.nii.gz", False, NOT_USED),
        ("cat.jpg", True, NOT_USED),
    ],
)
def test_role_guessed_from_the_name(name, alone, role):
    assert guess_role(name, alone=alone) == role


@pytest.mark.parametrize(
    ("roles", "problem"),
    [
        (["T1", "FLAIR", "Truth"], None),
        (["FLAIR"], None),
        ([STACKED, "Truth"], None),
        ([ZIP], None),
        (["T1", "T1"], "Two files are set to T1"),
        ([NOT_USED, NOT_USED], "Say which modality"),
        (["Truth"], "Say which modality"),
        ([STACKED, "T1"], "stands alone"),
        ([ZIP, STACKED], "stands alone"),
    ],
)
def test_roles_that_are_no_case_are_told(roles, problem):
    found = check_roles(roles)
    assert found is None if problem is None else problem in found


def test_dropped_files_become_a_case_and_leave_nothing_behind(small_case_folder):
    dropped = uploads(small_case_folder)
    given = [Assignment(u, guess_role(u.name, alone=False)) for u in dropped]
    with case_files(given) as files:
        case = read_case(files)
        places = [*files.modalities.values(), files.truth]
        assert all(place.exists() for place in places)
    assert case.present == ("t1", "t1c", "t2", "flair")
    assert case.truth is not None
    assert case.name == "small"
    assert not any(place.exists() for place in places)


def test_a_correction_wins_over_the_name(small_case_folder):
    dropped = uploads(small_case_folder)
    wrong = next(u for u in dropped if "t2" in u.name)
    with case_files([Assignment(wrong, "FLAIR")]) as files:
        assert read_case(files).present == ("flair",)


@pytest.mark.parametrize(
    "name", ["../../evil_flair.nii.gz", "..\\evil_flair.nii", "/etc/x_flair.nii", "."]
)
def test_no_name_chooses_a_path(name, small_case_folder):
    content = next(small_case_folder.glob("*flair*")).read_bytes()
    with case_files([Assignment(Upload(name, content), "FLAIR")]) as files:
        place = files.modalities["flair"]
        assert place.parent.parent.name.startswith("gliolens-")
        assert read_case(files).present == ("flair",)


def test_two_files_of_one_name_do_not_overwrite_each_other(small_case_folder):
    contents = [next(small_case_folder.glob(f"*_{m}.*")).read_bytes() for m in ("t1", "flair")]
    given = [
        Assignment(Upload("image.nii.gz", content), role)
        for content, role in zip(contents, ("T1", "FLAIR"), strict=True)
    ]
    with case_files(given) as files:
        assert read_case(files).present == ("t1", "flair")


def test_a_broken_file_is_named_and_removed():
    cat = Upload("cat_flair.nii.gz", b"\xff\xd8\xff a cat")
    with case_files([Assignment(cat, "FLAIR")]) as files:
        place = files.modalities["flair"]
        with pytest.raises(InputError, match=r"cat_flair\.nii\.gz is a JPEG"):
            read_case(files)
    assert not place.exists()


def test_a_zip_of_one_case(small_case_folder, tmp_path):
    archive = Path(shutil.make_archive(str(tmp_path / "scan"), "zip", small_case_folder))
    with case_files([Assignment(Upload("scan.zip", archive.read_bytes()), ZIP)]) as files:
        assert len(read_case(files).present) == 4


def test_a_zip_of_two_cases_is_told(data_folder, tmp_path):
    archive = Path(shutil.make_archive(str(tmp_path / "scans"), "zip", data_folder))
    given = [Assignment(Upload("scans.zip", archive.read_bytes()), ZIP)]
    with pytest.raises(InputError, match=r"scans\.zip holds 4 cases"), case_files(given):
        pass
