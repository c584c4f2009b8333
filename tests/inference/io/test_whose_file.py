"""Whose a file is, and what is passed over: never two patients in one case, never a silent loss."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases

TWO_PATIENTS = {
    "names": ["MEIER_t1", "MEIER_t1ce", "SCHMIDT_t2", "SCHMIDT_flair"],
    "names behind": ["T1_Meier", "T2_Meier", "FLAIR_Schmidt"],
    "numbers": ["001_t1", "001_t1ce", "002_t2", "002_flair"],
    "long numbers": ["Pat_001_t1", "Pat_002_t2"],
    "letters": ["P10_t1", "P11_t1ce", "P12_flair"],
    "brats": ["BraTS-GLI-00001-000-t1n", "BraTS-GLI-00002-000-t1c", "BraTS-GLI-00001-000-t2f"],
    "visits": ["UPENN-GBM-00001_11_T1", "UPENN-GBM-00001_11_T2", "UPENN-GBM-00001_21_FLAIR"],
    "scripts": ["李明_T1", "王芳_FLAIR"],
    "single letters": ["A_t1", "A_t1ce", "B_t2", "B_flair"],
}
ONE_PATIENT = {
    "brats": ["BraTS20_Training_001_t1", "BraTS20_Training_001_flair"],
    "scanner": ["t1_mprage_sag_p2_iso", "t2_tirm_tra_dark-fluid_fs", "T1_SE_tra_post_KM"],
    "series": ["3_t1_mprage", "5_t1_mprage_KM", "7_t2_tse", "9_flair"],
    "series, long": ["0003-T1", "0004-T2", "0007-FLAIR"],
    "series, named": ["Meier_s3_t1", "Meier_s5_flair"],
    "dcm2niix": ["Meier_t1_mprage_20240101_5", "Meier_FLAIR_3D_20240101_9a"],
    "one without a name": ["Meier_T1", "FLAIR"],
    "dates": ["20240101_Meier_T1", "20240101_Meier_T2"],
    "planes": ["AX_T2", "SAG_T1", "COR_FLAIR"],
    "worked on": ["Meier_reg_T1", "Meier_stripped_FLAIR"],
}


@pytest.fixture
def lay_down(write_nifti, tmp_path):
    def lay(*names: str) -> Path:
        for name in names:
            write_nifti(f"in/{name}" if "." in name.rsplit("/")[-1] else f"in/{name}.nii")
        return tmp_path / "in"

    return lay


def zipped(folder: Path) -> Path:
    path = folder.with_name("upload.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


def ways(folder: Path) -> list[list[Path]]:
    loose = [file for file in sorted(folder.iterdir()) if file.is_file()]
    return [[folder], [zipped(folder)], *([loose] if loose else [])]


def kinds(case) -> dict[str, str]:
    return {modality: file.name for modality, file in case.modalities.items()}


@pytest.mark.parametrize("names", TWO_PATIENTS.values(), ids=TWO_PATIENTS.keys())
def test_two_patients_are_never_one_case(lay_down, names):
    for given in ways(lay_down(*names)):
        with pytest.raises(InputError, match="are of two patients") as caught, open_cases(given):
            pass
        assert sum(f"{name}.nii" in str(caught.value) for name in names) == 2


@pytest.mark.parametrize("names", ONE_PATIENT.values(), ids=ONE_PATIENT.keys())
def test_one_patient_is_one_case(lay_down, names):
    for given in ways(lay_down(*names)):
        with open_cases(given) as [case]:
            assert len(case.modalities) == len(names)
            assert case.notes == ()


@pytest.mark.parametrize(
    ("truth", "images"),
    [
        ("SCHMIDT_seg", ["MEIER_t1", "MEIER_t1ce"]),
        ("002_seg", ["001_t1", "001_flair"]),
        ("sub-02_mask", ["sub-01_T1w", "sub-01_FLAIR"]),
        ("seg_Schmidt", ["T1_Meier", "T2_Meier"]),
    ],
)
def test_the_truth_of_another_is_named_and_not_used(lay_down, truth, images):
    for given in ways(lay_down(truth, *images)):
        with open_cases(given) as [case]:
            assert case.truth is None
            assert f"{truth}.nii (by its name of another patient" in case.notes[0]


@pytest.mark.parametrize(
    "truth", ["seg", "ground_truth", "tumor_mask", "manual_seg", "MEIER_seg", "expert_labels_final"]
)
def test_a_truth_that_names_nobody_else_is_used(lay_down, truth):
    with open_cases([lay_down(truth, "MEIER_t1", "MEIER_flair")]) as [case]:
        assert case.truth.name == f"{truth}.nii"


# --- folders called like modalities --------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [
        ["P1/T1/T1", "P1/T1c/T1c", "P1/T2/T2", "P1/FLAIR/FLAIR"],
        ["P1/T1/scan", "P1/T1 KM/scan", "P1/T2/scan", "P1/FLAIR/image"],
        ["P1/t1w/nifti/a", "P1/T1 post contrast/nifti/a", "P1/T2/a", "P1/T2 FLAIR/a"],
        ["P1/T1/P1", "P1/T1ce/P1", "P1/T2/P1", "P1/P1_flair"],
    ],
)
def test_folders_called_like_modalities_are_one_patient(lay_down, names):
    folder = lay_down(*names)
    for given in ([folder], [zipped(folder)]):
        with open_cases(given) as [case]:
            assert tuple(case.modalities) == ("t1", "t1c", "t2", "flair")
            assert case.name == "P1"


def test_a_folder_of_masks_beside_holds_the_truth(lay_down):
    folder = lay_down("P1/T1/T1", "P1/FLAIR/FLAIR", "P1/segmentation/P1", "P1/ADC/ADC")
    with open_cases([folder]) as [case]:
        assert case.truth.parent.name == "segmentation"
        assert "ADC/ (a folder beside" in case.notes[0]


def test_folders_called_like_modalities_that_hold_several_patients(lay_down):
    folder = lay_down("T1/anna", "T1/bert", "FLAIR/anna", "FLAIR/bert", "masks/anna")
    with open_cases([folder]) as cases:
        assert [(case.name, tuple(case.modalities)) for case in cases] == [
            ("anna", ("t1", "flair")),
            ("bert", ("t1", "flair")),
        ]
        assert [case.truth is not None for case in cases] == [True, False]


def test_two_patients_in_folders_called_like_modalities(lay_down):
    folder = lay_down("T1/Meier", "FLAIR/Schmidt")
    with pytest.raises(InputError, match=r"Meier.nii and|and Meier.nii"), open_cases([folder]):
        pass


def test_a_file_and_its_folder_that_disagree(lay_down):
    with (
        pytest.raises(InputError, match="called T2 in a folder called T1"),
        open_cases([lay_down("P1/T1/x_t2")]),
    ):
        pass


def test_loose_files_of_two_folders(lay_down):
    folder = lay_down("Meier/t1", "Schmidt/flair", "Meier/anat/t2")
    files = [folder / "Meier/t1.nii", folder / "Schmidt/flair.nii"]
    with pytest.raises(InputError, match="two patients"), open_cases(files):
        pass
    with open_cases([files[0], folder / "Meier/anat/t2.nii"]) as [case]:
        assert tuple(case.modalities) == ("t1", "t2")


# --- words that all names share -------------------------------------------------------------


@pytest.mark.parametrize("name", ["head", "brain", "pilot", "Report 7", "auto", "KM", "GD_"])
def test_words_common_to_all_names_are_the_patients(lay_down, name):
    folder = lay_down(*(f"{name}_{kind}" for kind in ("t1", "t1ce", "t2", "flair", "seg")))
    for given in ways(folder):
        with open_cases(given) as [case]:
            assert kinds(case) == {
                "t1": f"{name}_t1.nii",
                "t1c": f"{name}_t1ce.nii",
                "t2": f"{name}_t2.nii",
                "flair": f"{name}_flair.nii",
            }
            assert case.truth.name == f"{name}_seg.nii"


@pytest.mark.parametrize("names", [["KM_T1", "KM_T2"], ["sub_T1", "sub_T2"]])
def test_a_common_word_that_may_mean_something_is_not_dropped(lay_down, names):
    with open_cases([lay_down(*names, "Z_FLAIR")]) as [case]:
        assert "t1" not in case.modalities
        assert names[0] in case.notes[0]


# --- what is not read -----------------------------------------------------------------------


def test_every_file_that_is_not_read_is_named(lay_down):
    folder = lay_down("P1_t1", "P1_t1_pve_0", "scan", "P1_adc", "P1_ventricles_seg", "other/P1_t2")
    for name in ("P1_t1ce.mif", "P1.img", "P1_flair.minc"):
        (folder / name).write_bytes(b"x")
    (folder / "P1.txt").write_text("a note")
    with open_cases([folder]) as [case]:
        [note] = case.notes
    for named in (
        "P1_t1_pve_0.nii (mask or derived map)",
        "scan.nii (its name does not say",
        "P1_adc.nii (diffusion)",
        "P1_ventricles_seg.nii (mask of something else",
        "P1.img (half of a .hdr/.img pair)",
    ):
        assert named in note
    assert "and 2 more" in note
    assert "P1.txt" not in note


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "an empty file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS"),
        (None, "a link that leads nowhere"),
    ],
)
def test_placeholders_are_named(lay_down, content, why):
    folder = lay_down("P1_t1", "P1_flair")
    broken = folder / "P1_t1ce.nii.gz"
    if content is None:
        broken.symlink_to(folder / "absent.nii.gz")
    else:
        broken.write_bytes(content)
    with open_cases([folder]) as [case]:
        assert kinds(case) == {"t1": "P1_t1.nii", "flair": "P1_flair.nii"}
        assert f"P1_t1ce.nii.gz ({why}" in case.notes[0].replace("a placeholder of ", "")
        assert case.notes[0] in read_case(case).notes


def test_nothing_but_placeholders_is_refused(tmp_path):
    (tmp_path / "P1_t1.nii").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    with (
        open_cases([tmp_path]) as [case],
        pytest.raises(InputError, match="git lfs pull fetches it"),
    ):
        read_case(case)
    link = tmp_path / "P1_t2.nii"
    link.symlink_to(tmp_path / "absent")
    with pytest.raises(InputError, match="a link that leads nowhere"), open_cases([link]):
        pass


def test_what_a_zip_holds_besides_is_named(lay_down):
    folder = lay_down("P1_t1", "P1_flair")
    (folder / "P1_t1ce.mif").write_bytes(b"mrtrix image")
    (folder / "note.txt").write_text("x")
    with open_cases([zipped(folder)]) as [case]:
        assert "P1_t1ce.mif (a format that is not read)" in case.notes[0]
        assert "note.txt" not in case.notes[0]


def test_a_stray_file_beside_folders_of_cases_hides_none(lay_down):
    folder = lay_down("atlas", "P1/P1_t1", "P2/P2_t1")
    (folder / "P3").mkdir()
    (folder / "P3/scan.mif").write_bytes(b"mrtrix image")
    with open_cases([folder]) as cases:
        assert [case.name for case in cases] == ["P1", "P2"]
        assert "atlas.nii" in cases[0].notes[0]
        assert "scan.mif (a text file)" in cases[0].notes[0]


def test_derived_images_that_were_picked_are_named_too(lay_down):
    folder = lay_down("P_T1", "P_T1_bias", "P_T1c", "P_ADC")
    with open_cases(sorted(folder.iterdir())) as [case]:
        assert tuple(case.modalities) == ("t1", "t1c")
        assert "P_T1_bias.nii (mask or derived map)" in case.notes[0]


# --- a data set: the sentence says whose file it is ------------------------------------------


def test_of_many_cases_the_sentence_names_folder_and_file(write_nifti, tmp_path):
    for patient in ("P1", "P2"):
        for kind in ("T1", "T2"):
            write_nifti(f"set/{patient}/{kind}.nii")
    damaged = tmp_path / "set/P2/T2.nii"
    damaged.write_bytes(damaged.read_bytes()[:-40])
    for given in ([tmp_path / "set"], [zipped(tmp_path / "set")], [*(tmp_path / "set").iterdir()]):
        with open_cases(given) as cases:
            first, second = sorted(cases, key=lambda case: case.name)
            read_case(first)
            with pytest.raises(InputError, match=r"^P2: T2\.nii is cut off"):
                read_case(second)


def test_of_many_cases_what_makes_no_case_is_named(write_nifti, tmp_path):
    for number, name in enumerate(("P1/T1", "P2/T1", "P2/T1w")):
        write_nifti(f"set/{name}.nii", np.full((9, 8, 7), number, np.int16))
    with (
        pytest.raises(InputError, match=r"^P2: .* are both called T1"),
        open_cases([tmp_path / "set"]),
    ):
        pass


def test_of_one_case_the_folder_goes_without_saying(write_nifti, tmp_path):
    write_nifti("P1/T1.nii")
    damaged = tmp_path / "P1/T1.nii"
    damaged.write_bytes(damaged.read_bytes()[:-40])
    with open_cases([tmp_path / "P1"]) as [case], pytest.raises(InputError, match=r"^T1\.nii is"):
        read_case(case)


def test_a_truth_of_another_letter_is_left_out_and_named(write_nifti, tmp_path):
    for name in ("A_t1", "A_t1ce", "B_seg"):
        write_nifti(f"P1/{name}.nii")
    with open_cases([tmp_path / "P1"]) as [case]:
        assert case.truth is None
        assert [each.name for each in case.unread] == ["B_seg.nii"]
