"""A truth whose header is a default, or the second of its image: voxel by voxel where it fits."""

import nibabel as nib
import numpy as np
import pytest

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.preparation.opened_case import PreparationOptions, open_case

REAL = np.array([[-1.1, 0, 0, 70], [0, -1, 0.1, 60], [0, 0.1, 1, -20], [0, 0, 0, 1.0]])


@pytest.fixture
def case(small_case_folder, tmp_path):
    """Lay down the small case with a place of its own, and its truth under another header."""

    def lay(header, *, change=lambda voxels: voxels, of_images=REAL):
        for file in small_case_folder.iterdir():
            image = nib.load(file)
            voxels = np.asarray(image.dataobj)
            truth = "seg" in file.name
            made = nib.Nifti1Image(change(voxels) if truth else voxels, of_images)
            made.set_qform(None, code=0)
            if truth:
                header(made)
            nib.save(made, tmp_path / file.name)
        return tmp_path

    return lay


def affine(matrix):
    def set_it(image):
        image.set_sform(matrix, code=1)
        image.set_qform(matrix, code=1)

    return set_it


def no_form(image):
    image.set_sform(None, code=0)
    image.set_qform(None, code=0)


DEFAULTS = {
    "np.eye(4)": affine(np.eye(4)),
    "ITK": affine(np.diag([-1.0, -1.0, 1.0, 1.0])),
    "ITK, spacing kept": affine(np.diag([-1.1, -1.0, 1.0, 1.0])),
    "no form": no_form,
}


def read(folder, **options):
    with open_cases([folder]) as (files,):
        return read_case(files, **options)


@pytest.mark.parametrize("header", DEFAULTS)
@pytest.mark.parametrize("resampled", [False, True])
def test_a_default_header_is_taken_voxel_by_voxel(case, header, resampled):
    expected = read(case(affine(REAL))).truth
    found = read(case(DEFAULTS[header]), resampled=resampled)
    np.testing.assert_array_equal(found.truth, expected)
    assert any("its voxels were taken to be those of small_t1ce.nii.gz" in n for n in found.notes)
    np.testing.assert_allclose(found.grid.affine, REAL, atol=1e-5)


def test_a_header_that_is_the_second_of_the_image_is_one(case):
    turned = np.diag([-1.0, 1.0, 1.0, 1.0]) @ REAL
    folder = case(affine(turned))
    for file in folder.iterdir():
        if "seg" not in file.name:
            image = nib.load(file)
            image.set_qform(turned, code=1, strip_shears=True)
            qform = image.get_qform()
            nib.save(image, file)
    truth = folder / "small_seg.nii.gz"
    image = nib.load(truth)
    affine(qform)(image)
    nib.save(image, truth)
    expected = np.asarray(image.dataobj)
    found = read(folder)
    np.testing.assert_array_equal(found.grid.to_native(found.truth), expected)


def test_images_without_a_place_take_a_truth_that_has_one(case):
    found = read(case(affine(REAL), of_images=np.eye(4)))
    assert found.truth.any()
    assert any("voxels were taken to be those of" in note for note in found.notes)


@pytest.mark.parametrize("axes", [(0,), (1,), (0, 1)])
def test_a_mirrored_truth_without_a_place_is_refused_by_its_own_name(case, axes):
    folder = case(DEFAULTS["np.eye(4)"], change=lambda voxels: np.flip(voxels, axes))
    with pytest.raises(InputError, match=r"The truth small_seg\.nii\.gz does not state where"):
        read(folder)


def test_a_real_place_elsewhere_is_believed_and_the_sentence_names_the_truth(case):
    moved = REAL.copy()
    moved[:3, 3] += 12
    with pytest.raises(InputError, match=r"The truth small_seg\.nii\.gz does not fit"):
        read(case(affine(moved)))


def test_a_truth_of_another_shape_is_never_taken_voxel_by_voxel(case):
    folder = case(DEFAULTS["np.eye(4)"], change=lambda voxels: voxels[:-2])
    with pytest.raises(InputError, match="The truth"):
        read(folder)


def test_a_case_that_is_not_prepared_stays_so(case):
    def no_network():
        raise AssertionError("nothing has to be found")

    with open_cases([case(DEFAULTS["ITK"])]) as (files,):
        opened = open_case(files, PreparationOptions("auto", no_network))
    assert opened.preparation is None
    assert opened.case.truth.any()


def test_the_desk_asks_for_no_resampling(case):
    from tests.workspace.desk.drops import laid, uploads
    from workspace.desk.desk import case_files, grid_differences

    on = laid(*uploads(case(DEFAULTS["np.eye(4)"])))
    assert grid_differences(on) == []
    with case_files(on) as files:
        assert isinstance(files, CaseFiles)
        assert read_case(files).truth.any()
