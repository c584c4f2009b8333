"""Names: every BraTS release is known, and nothing is guessed."""

import pytest

from inference.io.names.file_names import (
    case_name,
    is_nifti_name,
    is_scan_name,
    recognise,
    why_not,
)
from tests.inference.naming.contrast_names import AFTER, ASK, BEFORE

RELEASES = {
    "Brats18_TCIA01_378_1_{}.nii.gz": ("t1", "t1ce", "t2", "flair", "seg"),
    "BraTS20_Training_001_{}.nii": ("t1", "t1ce", "t2", "flair", "seg"),
    "BraTS2021_01483_{}.nii.gz": ("t1", "t1ce", "t2", "flair", "seg"),
    "BraTS-GLI-00000-000-{}.nii.gz": ("t1n", "t1c", "t2w", "t2f", "seg"),
    "BraTS-SSA-00002-000-{}.nii.gz": ("t1n", "t1c", "t2w", "t2f", "seg"),
    "BRATS_T1POST_STUDY/UPENN-GBM-00001_11_{}.nii.gz": ("T1", "T1GD", "T2", "FLAIR", "segm"),
    "UCSF-PDGM-0004_{}.nii.gz": ("T1", "T1c", "T2", "FLAIR", "tumor_segmentation"),
    "{}.nii.gz": ("T1", "CT1", "T2", "FLAIR", "mask"),
}
KINDS = ("t1", "t1c", "t2", "flair", "truth")
CASES = [
    (pattern.format(suffix).rsplit("/")[-1], kind)
    for pattern, suffixes in RELEASES.items()
    for suffix, kind in zip(suffixes, KINDS, strict=True)
]
CLINICAL = {
    "t1": ["p_t1w.nii", "p T1-weighted.nii", "t1_pre.nii", "T1 pre contrast.nii.gz",
           "T1_without_contrast.nii", "t1_native.nii.gz", "ax_t1_mprage.nii", "T1_brain.nii.gz"],
    "t1c": ["p_t1gd.nii", "p_t1post.nii", "p_t1_gad.nii", "p_t1km.nii", "T1 post contrast.nii.gz",
            "T1+C.nii", "t1w_ce.nii", "T1-Gd.nii", "sub-01_ce-gadolinium_T1w.nii.gz",
            "t1_mprage_gad.nii", "T1 contrast enhanced.nii", "t1_post_gd.nii", "t1wce.nii"],
    "t2": ["p_t2w.nii", "T2.NII", "ax t2 tse.nii.gz", "sub-01_T2w.nii.gz", "T2-weighted.nii"],
    "flair": ["p_t2_flair.nii", "p_t2flair.nii.gz", "fl.nii", "FLAIR_001.nii", "t2w_flair.nii"],
    "truth": ["p_truth.nii", "p_gt.nii.gz", "label.nii", "p_mask.nii", "ground_truth.nii",
              "flair_seg.nii.gz", "brain_tumor_seg.nii"],
}  # fmt: skip

# As scanners, hospitals and people call them; None is asked for.
VENDORS = {
    "t1": ["T1_MPRAGE_SAG_ISO", "t1_mpr_ns_sag", "WIP T1W 3D TFE SENSE", "eT1W_SE_CLEAR",
           "T1 ohne KM", "T1 nativ", "T1 sin contraste", "T1 bez kontrastu", "AX T1 PRE",
           "T1 ohne Kontrastmittel", "T1 Müller", "t1_tse_tra_320_p2", "Т1 Жанна T1WI"],
    "t1c": ["AX_T1_POST_GAD", "t1_mprage_ce", "T1+C", "t1gd", "t1_km", "AX T1 FSPGR +C", "T1 (C+)",
            "sT1W_3D_TFE_GD", "t1_mprage_sag_p2_iso_KM", "T1 mit KM", "T1_après_gado", "T1 mdc",
            "T1 con contraste", "T1 z kontrastem", "T1 с контрастом", "T1 增强", "C+ T1",
            "t1_vibe_fs_tra +km", "T1_SE_tra_post_KM", "T1-weighted post-contrast", "T1_POSTGAD"],
    "t2": ["T2 TSE tra", "T2W_TSE", "t2_haste", "T2_blade", "eT2W_TSE", "T2WI 李明"],
    "flair": ["3D FLAIR sag", "Ax T2 FLAIR FS", "CUBE FLAIR", "s3DI_FLAIR", "AX FLAIR T2",
              "t2_space_dark-fluid_sag", "t2_tirm_tra_dark-fluid_fs", "FLAIR Łukasz"],
    "truth": ["flair seg", "brain tumor mask", "Segmentation", "manual_mask",
              "RHUH-0001_0_segmentations", "T1_seg", "P1 tumour labels", "Maske"],
    None: ["mprage", "MPRAGE post gad", "T1 FLAIR", "t1_tse_dark-fluid_tra", "PD_T2",
           "T2 GRE", "AX T2 GRE", "DWI b1000", "SWI", "ROI", "post t1 mprage",
           "t2_tirm_tra", "IR-FSPGR post", "t1_dce", "t2 perfusion"],
}  # fmt: skip


@pytest.mark.parametrize("extension", [".nii.gz", ".png"])
@pytest.mark.parametrize("kind", VENDORS)
def test_names_of_scanners_and_people(kind, extension):
    names = [f"{name}{extension}" for name in VENDORS[kind]]
    assert {name: recognise(name) for name in names} == dict.fromkeys(names, kind)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_every_release(name, kind):
    assert recognise(name) == kind
    assert recognise(name.upper()) == kind
    assert recognise(name.lower()) == kind


@pytest.mark.parametrize("kind", CLINICAL)
def test_clinical_names(kind):
    assert {name: recognise(name) for name in CLINICAL[kind]} == dict.fromkeys(CLINICAL[kind], kind)


DERIVED = [
    "T1_pve_0", "T1_tumor_prob", "T1c_pred", "T1_phase", "T1_imaginary", "part-phase_T1w",
    "T2_R2star",
    "T1_prob_gm", "flair_bias", "t1c_uncertainty_map",
]  # fmt: skip
MASKS_OF_SOMETHING_ELSE = [
    "ventricles_seg", "T1_gm_mask", "white matter mask", "brain_mask", "hippocampus_labels",
    "T1_pveseg", "aparc_aseg_labels", "t1_skull_seg", "tumor_seg_pred", "auto_tumor_mask",
]  # fmt: skip


@pytest.mark.parametrize("stem", [*DERIVED, *MASKS_OF_SOMETHING_ELSE])
def test_what_was_made_from_an_image_is_neither_image_nor_truth(stem):
    assert recognise(f"{stem}.nii.gz") is None
    assert why_not(f"{stem}.nii.gz")


@pytest.mark.parametrize("name", BEFORE)
def test_before_contrast_in_many_languages(name):
    assert recognise(f"{name}.nii.gz") == "t1"


@pytest.mark.parametrize("name", AFTER)
def test_after_contrast_in_many_languages(name):
    assert recognise(f"{name}.nii.gz") == "t1c"


@pytest.mark.parametrize("name", ASK)
def test_contrast_in_doubt_is_asked_about(name):
    assert recognise(f"{name}.nii.gz") is None


@pytest.mark.parametrize(
    "name",
    [
        "Brats18_2013_T2X.nii.gz",
        "smart1.nii.gz",
        "flairish.nii",
        "pat1c.nii",
        "at2.nii",
        "t10.nii",
        "müt1.nii",
        "patient.nii.gz",
        "",
        ".nii",
    ],
)
def test_no_match_inside_a_word(name):
    assert recognise(name) is None


def test_a_patient_called_like_a_modality():
    assert recognise("Brats18_2013_T2X_flair.nii.gz") == "flair"
    assert recognise("Brats18_2013_T2X_t1.nii.gz") == "t1"
    assert recognise("smart1_t1ce.nii.gz") == "t1c"


@pytest.mark.parametrize(
    "name",
    [
        "t1_t2.nii",
        "t1_flair.nii",
        "t1_post_op.nii",
        "post_t1.nii",
        "ce_t1.nii",
        "seg_t1.nii",
        "t1_brain_mask.nii.gz",
        "brain_mask.nii.gz",
        "auto_seg.nii.gz",
        "t2_star.nii",
        "t1_map.nii",
        "t1_sub.nii",
        "P1_T1_bias.nii.gz",
    ],
)
def test_what_could_be_two_things_is_nothing(name):
    assert recognise(name) is None


@pytest.mark.parametrize("name", ["p_t1.gif", "p_t1", "p_t1.gz", "p_t1.nii.txt", "p_t1.img"])
def test_only_files_that_are_read(name):
    assert recognise(name) is None
    assert not is_scan_name(name)


@pytest.mark.parametrize("name", ["p_t1.png", "p_t1.JPG", "p_t1.jpeg", "p_t1.tif", "p_t1.npy"])
def test_pictures_and_arrays_are_recognised_like_volumes(name):
    assert recognise(name) == "t1"
    assert is_scan_name(name)
    assert not is_nifti_name(name)


@pytest.mark.parametrize("name", ["p.nii", "p.NII.GZ", "p.Nii.gz"])
def test_extension_in_any_case(name):
    assert is_nifti_name(name)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Brats18_TCIA01_378_1_t1.nii.gz", "Brats18_TCIA01_378_1_flair.nii.gz"],
         "Brats18_TCIA01_378_1"),
        (["BraTS-GLI-00000-000-t1n.nii.gz", "BraTS-GLI-00000-000-t2f.nii.gz"],
         "BraTS-GLI-00000-000"),
        (["Brats18_2013_2_1_t1.nii"], "Brats18_2013_2_1"),
        (["T1_patient7.nii", "FLAIR_patient7.nii"], "patient7"),
        (["t1.nii", "t2.nii"], "folder"),
        (["anna_t1.nii", "bert_t2.nii"], "folder"),
        (["P10_t1.nii", "P11_t2.nii"], "folder"),
        (["study 7 t1.nii", "study 7 t2.nii"], "study_7"),
        (["BRATS_001.nii.gz"], "BRATS_001"),
        ([], "folder"),
    ],
)  # fmt: skip
def test_case_name(names, expected):
    assert case_name(names, fallback="folder") == expected


@pytest.mark.parametrize("fallback", ["", "..", "./", " _ "])
def test_case_name_is_always_safe_as_a_file_name(fallback):
    assert case_name(["t1.nii"], fallback=fallback) == "case"
    assert "/" not in case_name(["../../etc/x_t1.nii"])


@pytest.mark.parametrize("name", ["synthetic_glioma", "pilot_007", "Report_Meier", "Neck_Anna"])
def test_a_word_of_the_patients_name_leaves_nothing_out(name):
    kinds = {"t1": "t1", "t1ce": "t1c", "t2": "t2", "flair": "flair", "seg": "truth"}
    assert [recognise(f"{name}_{end}.nii.gz") for end in kinds] == [*kinds.values()]


@pytest.mark.parametrize("name", ["pilot_t1", "synth_T1", "T1_synthetic", "loc_tra_T1", "T2 neck"])
def test_the_same_word_beside_the_modality_does(name):
    assert recognise(f"{name}.nii.gz") is None
