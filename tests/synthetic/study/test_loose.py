import json

import nibabel as nib
import numpy as np
import pytest

from synthetic.study.loose import write_truth
from synthetic.study.protocol import ANATOMY
from synthetic.study.write import write_exam
from tests.synthetic.study.conftest import datasets


def _centroid(path) -> np.ndarray:
    image = nib.load(path)
    voxels = np.argwhere(np.asarray(image.dataobj) > 0).mean(axis=0)
    return (image.affine @ (*voxels, 1))[:3]


@pytest.fixture(scope="module")
def truth(head, tmp_path_factory):
    folder = tmp_path_factory.mktemp("truth")
    write_truth(head, folder)
    return folder


@pytest.mark.parametrize("key", ["t1", "t2", "flair"])
def test_the_tumour_moves_as_the_motions_say(truth, key):
    motion = np.array(json.loads((truth / "motion.json").read_text())[key]["from_t1c"])
    start = _centroid(truth / "t1c.nii.gz")
    expected = (motion @ (*start, 1))[:3]
    assert np.linalg.norm(_centroid(truth / f"{key}.nii.gz") - expected) < 0.8
    assert np.linalg.norm(start - expected) > 2


def test_the_motions_are_as_large_as_heads_move(truth):
    motions = json.loads((truth / "motion.json").read_text())
    for key, (degrees, millimetres) in {"t1": (3, 10), "t2": (6, 10), "flair": (4, 12)}.items():
        matrix = np.array(motions[key]["from_t1c"])
        angle = np.degrees(np.arccos((np.trace(matrix[:3, :3]) - 1) / 2))
        shift = np.linalg.norm((matrix @ (0, -15, 5, 1))[:3] - (0, -15, 5))
        assert degrees < angle < 9
        assert millimetres < shift < 21


@pytest.mark.parametrize("sequence", ANATOMY, ids=lambda sequence: sequence.key)
def test_the_truth_lies_on_the_grid_of_the_dicom_series(truth, plain, sequence):
    image = nib.load(truth / f"{sequence.key}.nii.gz")
    places = {tuple(map(float, d.ImagePositionPatient)) for d in datasets(plain, sequence.number)}
    for number in range(image.shape[2]):
        lps = (image.affine @ (0, 0, number, 1))[:3] * (-1, -1, 1)
        assert min(np.linalg.norm(np.subtract(place, lps)) for place in places) < 1e-3
    first = datasets(plain, sequence.number)[0]
    assert image.shape[:2] == (first.Columns, first.Rows)
    column = image.affine[:3, 0] / np.linalg.norm(image.affine[:3, 0]) * (-1, -1, 1)
    np.testing.assert_allclose(column, first.ImageOrientationPatient[:3], atol=1e-5)


def test_all_of_the_tumour_is_in_every_field_of_view(truth, head):
    wanted = (head.truth > 0).sum() * head.grid.voxel_volume_ml
    for sequence in ANATOMY:
        image = nib.load(truth / f"{sequence.key}.nii.gz")
        found = (np.asarray(image.dataobj) > 0).sum() * np.prod(image.header.get_zooms()) / 1000
        assert abs(found - wanted) < 0.08 * wanted


def test_loose_images_hold_the_pixels_of_the_dicom_series(exam, plain, tmp_path):
    files = write_exam(exam, tmp_path, variant="nifti")
    assert [path.suffix for path in files] == [".gz", ".json"] * 4
    image = nib.load(files[2])  # the T1c
    assert json.loads(files[3].read_text())["InversionTime"] == 0.9
    slices = datasets(plain, 7)
    np.testing.assert_array_equal(np.asarray(image.dataobj)[..., 40].T, slices[40].pixel_array)
