"""NIfTI of dcm2niix: found, chosen and read like the series of a DICOM study."""

import json
import zipfile

import nibabel as nib
import numpy as np
import pytest

from common.errors import InputError
from inference.io.cases.case_files import CaseFiles
from inference.study.nifti_examination import (
    choose_nifti,
    fixed_nifti,
    nifti_table,
    read_nifti_examination,
)
from inference.study.series.nifti_series import find_nifti_study
from inference.study.sources import NiftiFiles, open_sources
from synthetic.skull import make_head
from synthetic.study.exam import examine
from synthetic.study.protocol import ANATOMY
from synthetic.study.write import write_exam

T1 = {"EchoTime": 0.0098, "RepetitionTime": 0.52, "SeriesDescription": "t1_se"}
T2 = {"EchoTime": 0.094, "RepetitionTime": 5.1, "SeriesDescription": "t2_tse"}
FLAIR = {"EchoTime": 0.105, "RepetitionTime": 9, "InversionTime": 2.5}


@pytest.fixture
def write(tmp_path):
    def write(name, sidecar=None, *, shape=(12, 11, 10), folder="study"):
        path = tmp_path / folder / name
        path.parent.mkdir(exist_ok=True)
        voxels = np.random.default_rng(0).integers(1, 99, shape).astype(np.int16)
        nib.save(nib.Nifti1Image(voxels, np.diag([2.0, 2, 5, 1])), path)
        if sidecar is not None:
            path.with_name(f"{name.split('.nii')[0]}.json").write_text(json.dumps(sidecar))
        return path

    return write


def files_in(path):
    return sorted(path.parent.iterdir())


def test_names_that_say_nothing_are_told_by_their_sidecars(write):
    write("series_5.nii.gz", T1 | {"SeriesNumber": 5})
    write("series_7.nii.gz", T2 | {"SeriesNumber": 7})
    path = write("series_12.nii.gz", FLAIR | {"SeriesNumber": 12})
    study = find_nifti_study(files_in(path), name="x")
    choice = choose_nifti(study)
    assert choice.chosen == {"t1": 0, "t2": 1, "flair": 2}
    rows = nifti_table(study, choice)
    assert [row.number for row in rows] == [5, 7, 12]
    assert "TE 94 ms, TR 5100 ms: T2" in rows[1].reason


def test_without_a_sidecar_a_name_speaks_beside_those_that_have_one(write):
    write("a.nii", T2)
    path = write("5_ax_flair.nii.gz")
    study = find_nifti_study(files_in(path), name="x")
    assert choose_nifti(study).chosen == {"t2": 1, "flair": 0}


def test_a_name_adds_contrast_where_the_sidecar_is_silent(write):
    write("p_t1_pre.nii.gz", T1)
    path = write("p_t1_post_gd.nii.gz", T1 | {"AcquisitionTime": "10:00:00"})
    study = find_nifti_study(files_in(path), name="x")
    choice = choose_nifti(study)
    names = {modality: study.series[at].path.name for modality, at in choice.chosen.items()}
    assert names == {"t1": "p_t1_pre.nii.gz", "t1c": "p_t1_post_gd.nii.gz"}
    assert all(series.facts.description == "t1_se" for series in study.series)


def test_times_have_the_last_word_over_a_name(write):
    path = write("flair.nii.gz", T2)
    assert set(choose_nifti(find_nifti_study([path], name="x")).chosen) == {"t2"}


def test_several_volumes_and_other_kinds_are_in_the_table_and_not_read(write):
    write("a.nii.gz", FLAIR)
    write("b.nii.gz", FLAIR | {"Modality": "CT"})
    path = write("c.nii.gz", T2 | {"SeriesDescription": "dwi"}, shape=(6, 5, 4, 3))
    study = find_nifti_study(files_in(path), name="x")
    choice = choose_nifti(study)
    assert choice.chosen == {"flair": 0}
    reasons = [row.reason for row in nifti_table(study, choice)]
    assert "b.nii.gz is of the kind CT, no MR." in reasons
    assert any("c.nii.gz" in reason for reason in reasons)


def test_the_user_decides(write):
    write("a.nii.gz", T1 | {"SeriesNumber": 3})
    path = write("b.nii.gz", T1 | {"SeriesNumber": 4})
    study = find_nifti_study(files_in(path), name="x")
    fixed = fixed_nifti(study, ["t1c=4"])
    assert choose_nifti(study, fixed=fixed).chosen["t1c"] == 1
    assert "chosen by you" in nifti_table(study, choose_nifti(study, fixed=fixed))[1].reason


def test_a_label_map_is_the_truth(write):
    path = write("a.nii.gz", FLAIR)
    labels = np.zeros((12, 11, 10), np.uint8)
    labels[3:9, 3:9, 3:8] = 2
    labels[5:7, 5:7, 4:6] = 3
    nib.save(nib.Nifti1Image(labels, nib.load(path).affine), path.with_name("seg.nii.gz"))
    study = find_nifti_study(files_in(path), name="x")
    assert study.truth.name == "seg.nii.gz"
    exam = read_nifti_examination(files_in(path), name="x")
    assert set(exam.images) == {"flair"}
    assert exam.truth[0].labels.any()
    assert any("No T2" in note for note in exam.notes)


def test_files_of_two_exams_are_no_case(write):
    write("a.nii.gz", FLAIR | {"StudyInstanceUID": "1.2.3"})
    path = write("b.nii.gz", T2 | {"StudyInstanceUID": "1.2.4"})
    with pytest.raises(InputError, match="2 exams"):
        find_nifti_study(files_in(path), name="x")


def test_a_study_without_a_usable_series_says_what_it_has(write):
    path = write("a.nii.gz", {"SeriesDescription": "localizer"})
    with pytest.raises(InputError, match="localizer: localiser: left out"):
        read_nifti_examination([path], name="x")


def test_folder_zip_and_loose_files_are_studies_where_a_sidecar_lies_beside(write, tmp_path):
    write("x.nii.gz", FLAIR)
    path = write("y.nii.gz", T2)
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for file in files_in(path):
            archive.write(file, f"inside/{file.name}")
    for given, name in (
        ([path.parent], "study"),
        ([packed], "packed"),
        (files_in(path), "study"),
        ([path], "study"),
    ):
        with open_sources(given) as [source]:
            assert isinstance(source, NiftiFiles), given
            assert source.name == name
            assert {"y.nii.gz"} <= {file.name for file in source.paths}
            assert set(read_nifti_examination(source.paths, name=name).images) >= {"t2"}


def test_without_a_sidecar_all_is_as_it_was(write):
    write("p_t2.nii.gz")
    path = write("p_flair.nii.gz")
    for given in ([path.parent], files_in(path)):
        with open_sources(given) as [source]:
            assert isinstance(source, CaseFiles)
            assert set(source.modalities) == {"t2", "flair"}


def test_cases_in_folders_of_their_own_stay_several(write, tmp_path):
    for subject in ("s1", "s2"):
        write("p_t2.nii.gz", T2, folder=subject)
    with open_sources([tmp_path]) as sources:
        assert [source.name for source in sources] == ["p", "p_2"]


def test_the_made_up_study_is_read_as_its_dicom_files_are(tmp_path):
    exam = examine(make_head(spacing=3.0), seed=0)
    write_exam(exam, tmp_path / "nifti", variant="nifti")
    with open_sources([tmp_path / "nifti"]) as [source]:
        read = read_nifti_examination(source.paths, name=source.name)
    assert [row.modality for row in read.series] == ["t1", "t2", "flair", "t1c"]
    for sequence in ANATOMY:
        ((stack, values),) = exam[sequence.key].volumes
        image = read.images[sequence.key]
        np.testing.assert_allclose(image.grid.affine, stack.affine, atol=1e-3)
        np.testing.assert_array_equal(image.grid.to_native(image.voxels), values)
