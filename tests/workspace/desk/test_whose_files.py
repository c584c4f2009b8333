"""Whose the dropped files are, and what of them is passed over, is said at the desk."""

import pytest

from tests.workspace.desk.drops import Upload, disc, laid, picture, roles, uploads, zipped
from workspace.desk.desk import NOT_USED, case_files, set_role
from workspace.desk.whose_files import of_two_patients, say_one_patient


def renamed(folder, **names):
    """Uploads of a case's images under other names: ``t1="MEIER_t1.nii.gz"``."""
    ends = {"t1": "*_t1.*", "t1c": "*_t1ce.*", "t2": "*_t2.*", "flair": "*flair*", "truth": "*seg*"}
    return [Upload(name, uploads(folder, ends[kind])[0].content) for kind, name in names.items()]


@pytest.mark.parametrize(
    "names",
    [
        {"t1": "MEIER_t1.nii.gz", "t1c": "MEIER_t1ce.nii.gz", "t2": "SCHMIDT_t2.nii.gz"},
        {"t1": "001_t1.nii.gz", "t1c": "001_t1ce.nii.gz", "flair": "002_flair.nii.gz"},
        {"t1": "MEIER_t1.nii.gz", "flair": "MEIER_flair.nii.gz", "truth": "SCHMIDT_seg.nii.gz"},
    ],
)
def test_files_of_two_patients_are_asked_about_with_both_names(small_case_folder, names):
    on = laid(*renamed(small_case_folder, **names))
    sentence = of_two_patients(on)
    assert "are of two patients or exams by their names" in sentence
    assert sum(name in sentence for name in names.values()) == 2
    set_role(on.rows[-1], NOT_USED)
    assert of_two_patients(on) is None


def test_the_visitor_may_know_that_they_are_of_one(small_case_folder):
    names = {"t1": "anna_t1.nii.gz", "flair": "berta_flair.nii.gz"}
    on = laid(*renamed(small_case_folder, **names))
    assert of_two_patients(on)
    say_one_patient(on)
    assert of_two_patients(on) is None
    on.rows += laid(*renamed(small_case_folder, t2="clara_t2.nii.gz")).rows
    assert "clara_t2" in of_two_patients(on) or "anna_t1" in of_two_patients(on)


def test_one_patient_is_not_asked_about(small_case_folder):
    assert of_two_patients(laid(*uploads(small_case_folder))) is None
    on = laid(*renamed(small_case_folder, t1="series_3.nii.gz", t2="other_4.nii.gz"))
    for row, role in zip(on.rows, ("t1", "t2"), strict=True):
        set_role(row, role)
    assert of_two_patients(on) is None


def test_a_zip_of_two_patients_is_not_mixed(small_case_folder, tmp_path):
    folder = tmp_path / "both"
    folder.mkdir()
    for upload in renamed(small_case_folder, t1="MEIER_t1.nii.gz", t2="SCHMIDT_t2.nii.gz"):
        (folder / upload.name).write_bytes(upload.content)
    on = laid(zipped(folder, tmp_path))
    assert on.rows == []
    [sentence] = on.refused
    assert "MEIER_t1.nii.gz" in sentence
    assert "SCHMIDT_t2.nii.gz" in sentence


@pytest.mark.parametrize("packed", [False, True])
def test_numbered_pictures_of_two_patients_are_not_mixed(tmp_path, packed):
    folder = tmp_path / "slices"
    folder.mkdir()
    for owner in ("MEIER_t1", "SCHMIDT_flair"):
        for number in range(1, 4):
            (folder / f"{owner}_{number}.png").write_bytes(picture(disc(100 + number)))
    if packed:
        on = laid(zipped(folder, tmp_path))
        sentence = on.refused[0]
        assert on.rows == []
    else:
        on = laid(*uploads(folder))
        assert roles(on) == ["t1", "flair"]
        sentence = of_two_patients(on)
    assert "MEIER_t1_1–3.png" in sentence
    assert "SCHMIDT_flair_1–3.png" in sentence


def test_folders_in_a_zip_say_what_is_in_them(small_case_folder, tmp_path):
    kinds = {"T1": "*_t1.*", "T1 KM": "*_t1ce.*", "T2": "*_t2.*", "FLAIR": "*flair*"}
    for kind, pattern in kinds.items():
        place = tmp_path / "P1" / kind
        place.mkdir(parents=True)
        (place / "scan.nii.gz").write_bytes(uploads(small_case_folder, pattern)[0].content)
    on = laid(zipped(tmp_path / "P1", tmp_path))
    assert roles(on) == ["t1", "t1c", "t2", "flair"]
    assert of_two_patients(on) is None


def test_what_of_a_zip_is_not_read_is_named(small_case_folder, tmp_path):
    folder = tmp_path / "P1"
    folder.mkdir()
    for upload in uploads(small_case_folder, "*_t[12].*"):
        (folder / upload.name).write_bytes(upload.content)
    (folder / "model.stl").write_bytes(b"solid head")
    (folder / "SCHMIDT_seg.nii.gz").write_bytes(uploads(small_case_folder, "*seg*")[0].content)
    on = laid(zipped(folder, tmp_path))
    [note] = on.unread
    assert "model.stl" in note
    assert "SCHMIDT_seg.nii.gz (by its name of another patient" in note
    assert on.truth is None


def test_names_are_understood_together_even_if_they_come_one_by_one(small_case_folder):
    on = laid(*renamed(small_case_folder, t1="KM_t1.nii.gz"))
    assert roles(on) == [None]
    from workspace.desk.arrival.uploads import take_in

    take_in(on, renamed(small_case_folder, t1c="KM_t1ce.nii.gz"))
    assert roles(on) == ["t1", "t1c"]


def test_a_role_that_was_said_is_not_changed_by_later_names(small_case_folder):
    from workspace.desk.arrival.uploads import take_in

    on = laid(*renamed(small_case_folder, t1="KM_t1.nii.gz"))
    set_role(on.rows[0], "flair")
    take_in(on, renamed(small_case_folder, t1c="KM_t1ce.nii.gz"))
    assert sorted(roles(on)) == ["flair", "t1c"]
    with case_files(on) as files:
        assert set(files.modalities) == {"flair", "t1c"}
