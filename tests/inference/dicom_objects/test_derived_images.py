"""Images without DICOM files of their own, as a series that the reader here reads back."""

import nibabel as nib
import numpy as np
import pytest
from pydicom import dcmread

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.dicom.volumes.pixels import read_volume
from inference.dicom_objects.derived_images import derived_images, write_images
from inference.geometry.native_grid import NativeGrid
from inference.io.scan_images import ScanImage
from tests.inference.dicom_objects.conftest import MADE

ORIENTATIONS = ("RAS", "LPS", "PIR", "ASL")


def grid_of(codes="RAS", shape=(7, 9, 5)):
    """A grid of these axes, turned a little."""
    start = nib.orientations.axcodes2ornt(codes)
    straight = nib.orientations.inv_ornt_aff(start, shape)
    turn = nib.eulerangles.euler2mat(0.1, -0.2, 0.05)
    affine = nib.affines.from_matvec(turn @ np.diag([1.0, 1.5, 2.0]), [4, -9, 12]) @ straight
    image = nib.Nifti1Image(np.zeros(shape, np.float32), affine)
    return NativeGrid.of(image)


def image_of(values, grid):
    return ScanImage("t1c.nii.gz", "t1c", values, grid)


def read_back(folder):
    [exam] = find_exams([folder]).exams
    [header] = exam.series
    assert header.refusal is None
    return header, header.grid.to_ras(read_volume(header))


@pytest.mark.parametrize("codes", ORIENTATIONS)
def test_it_lies_where_the_image_lies_and_holds_its_values(tmp_path, codes):
    grid = grid_of(codes)
    values = np.random.default_rng(0).normal(300, 90, grid.ras_shape).astype(np.float32)
    write_images(derived_images(image_of(values, grid)), tmp_path, made=MADE)
    header, found = read_back(tmp_path)
    np.testing.assert_allclose(header.grid.ras_affine, grid.ras_affine, atol=1e-5)
    np.testing.assert_allclose(found, values, atol=np.ptp(values) / 60000)


def test_whole_numbers_stay_exactly_as_they_are(tmp_path):
    grid = grid_of()
    values = np.arange(np.prod(grid.shape), dtype=np.float32).reshape(grid.ras_shape) - 40
    files = write_images(derived_images(image_of(values, grid)), tmp_path, made=MADE)
    _, found = read_back(tmp_path)
    assert np.array_equal(found, values)
    assert "RescaleSlope" not in dcmread(files[0])


def test_an_image_of_one_value_is_written(tmp_path):
    grid = grid_of()
    values = np.full(grid.ras_shape, 0.25, np.float32)
    write_images(derived_images(image_of(values, grid)), tmp_path, made=MADE)
    np.testing.assert_allclose(read_back(tmp_path)[1], values, atol=1e-4)


def test_it_says_that_it_is_derived_and_names_nobody(tmp_path):
    grid = grid_of()
    values = np.ones(grid.ras_shape, np.float32)
    found = dcmread(write_images(derived_images(image_of(values, grid)), tmp_path, made=MADE)[0])
    assert list(found.ImageType)[:2] == ["DERIVED", "SECONDARY"]
    assert "t1c.nii.gz" not in str(found)
    assert str(found.PatientName) == f"{found.PatientID}^"
    assert found.PatientID.startswith("GlioLens-")


def test_other_voxels_are_another_patient_and_the_same_are_the_same():
    grid = grid_of()
    values = np.ones(grid.ras_shape, np.float32)
    one, again, other = (derived_images(image_of(v, grid)) for v in (values, values, 2 * values))
    assert one.series.patient == again.series.patient
    assert one.series.planes == again.series.planes
    assert one.series.study_uid != other.series.study_uid
    assert one.series.patient.PatientID != other.series.patient.PatientID


def test_a_sheared_grid_is_refused():
    affine = np.eye(4)
    affine[0, 1] = 0.2
    grid = NativeGrid.of(nib.Nifti1Image(np.zeros((4, 4, 4), np.float32), affine))
    with pytest.raises(InputError, match="not at right angles"):
        derived_images(image_of(np.zeros((4, 4, 4), np.float32), grid))
