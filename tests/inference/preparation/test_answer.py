"""An answer lies on the voxels of the file, also where the image was read on larger ones."""

from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from common.labels import labels_to_regions
from inference.io.cases.case_files import open_cases
from inference.metrics import region_dice
from inference.network.segmentation import Segmentation
from inference.preparation.answer import answer_on
from inference.preparation.native_answer import labels_of_file
from inference.preparation.native_space import labels_on
from inference.preparation.opened_case import PreparationOptions, open_case
from inference.preparation.template import working_grid

AFFINE = nib.affines.from_matvec(np.diag([-0.5, -0.5, 0.5]), [30.0, -20.0, 5.0])
SHAPE, HALF = (48, 40, 32), (24, 20, 16)
MODALITIES = ("t1", "t1ce", "t2", "flair")


def drawn(labels):
    """What a model might have predicted."""
    box = tuple(slice(0, size) for size in labels.shape)
    return Segmentation("made up", labels, labels_to_regions(labels).astype(np.float16), box)


@pytest.fixture
def stripped(tmp_path):
    """A case of small voxels without a skull; parts of the tumour end between two larger ones."""
    voxels, truth = np.zeros(SHAPE, np.int16), np.zeros(SHAPE, np.uint8)
    voxels[8:40, 8:32, 6:26] = np.random.default_rng(0).integers(50, 99, (32, 24, 20))
    truth[14:30, 12:24, 10:22] = 2
    truth[16:29, 14:23, 11:20] = 3
    truth[20:24, 17:20, 14:17] = 1
    for number, modality in enumerate(MODALITIES):
        image = nib.Nifti1Image(np.where(voxels, voxels + number, 0), AFFINE)
        nib.save(image, tmp_path / f"P_{modality}.nii.gz")
    nib.save(nib.Nifti1Image(truth, AFFINE), tmp_path / "P_seg.nii.gz")
    return tmp_path


def opened(folder, max_voxels):
    options = PreparationOptions("never", lambda: None, max_voxels=max_voxels)
    with open_cases([folder]) as (files,):
        return open_case(replace(files, truth_convention="brats2023"), options)


def test_a_large_case_is_worked_on_at_larger_voxels(stripped):
    case = opened(stripped, 10_000).case
    assert case.shape == HALF
    assert case.spacing == (1.0, 1.0, 1.0)
    assert set(case.present) == {"t1", "t1c", "t2", "flair"}
    assert case.truth.shape == HALF
    notes = [note for note in case.notes if "are worked on at" in note]
    assert len(notes) == 1
    assert notes[0].startswith("Images of 48 × 40 × 32 voxels of 0.5 mm are worked on at 1 mm")


def test_its_answer_is_on_its_own_voxels_and_scored_there(stripped):
    case = opened(stripped, 10_000)
    answer = answer_on(case, {"unet": drawn(case.case.truth)})
    image, truth = nib.load(stripped / "P_t1.nii.gz"), nib.load(stripped / "P_seg.nii.gz")
    assert answer.case.grid.shape == SHAPE
    np.testing.assert_array_equal(answer.case.grid.affine, image.affine)
    np.testing.assert_array_equal(
        answer.case.grid.to_native(answer.case.truth), np.asarray(truth.dataobj)
    )
    found = answer.segmentations["unet"]
    assert found.labels.shape == SHAPE
    scores = found.dice(answer.case)
    # Of a tumour of 8 × 6 × 6 mm the corners are lost, no more.
    assert 0.88 < scores["wt"] < 1
    assert 0.7 < scores["et"] < 1
    volume = found.volume_ml(answer.case)["wt"]
    assert volume == pytest.approx((np.asarray(truth.dataobj) > 0).sum() / 8000, rel=0.05)


def test_no_voxel_is_shifted_on_the_way_there_and_back(stripped):
    """A block of whole larger voxels comes back bit for bit."""
    case = opened(stripped, 10_000).case
    labels = np.zeros(HALF, np.uint8)
    labels[6:12, 5:11, 4:10] = 2
    case_there, back = labels_of_file(case, labels)
    expected = labels.repeat(2, 0).repeat(2, 1).repeat(2, 2)
    inner = back[13:23, 11:21, 9:19]
    assert (inner == 2).all()
    centre = [axis.mean() for axis in np.nonzero(back)]
    np.testing.assert_allclose(centre, [axis.mean() for axis in np.nonzero(expected)])
    assert case_there.grid.shape == SHAPE


def test_what_is_not_large_is_the_same_case(stripped):
    case = opened(stripped, 1_000_000)
    answer = answer_on(case, {"unet": drawn(case.case.truth)})
    assert answer.case is case.case
    assert answer.segmentations["unet"].labels is case.case.truth


@pytest.mark.usefixtures("coarse_working_grid", "poses_known")
def test_a_scan_that_is_prepared_returns_to_its_own_voxels_too(made_up_scan, tmp_path):
    for image in made_up_scan.images:
        voxels = nib.Nifti1Image(image.grid.to_native(image.voxels), None, image.grid.header)
        nib.save(voxels, tmp_path / f"P_{image.modality}.nii.gz")
    t1c = next(image for image in made_up_scan.images if image.modality == "t1c").grid
    truth = made_up_scan.truths["t1c"]
    nib.save(nib.Nifti1Image(t1c.to_native(truth), None, t1c.header), tmp_path / "P_seg.nii.gz")
    options = PreparationOptions("always", lambda: None, max_voxels=150_000)
    with open_cases([tmp_path]) as (files,):
        case = open_case(files, options)
    sequence = case.preparation.sequences["t1c"]
    assert np.prod(sequence.grid.shape) <= 150_000 < np.prod(t1c.shape)
    working = labels_on(truth, of=t1c, onto=working_grid(), motion=sequence.from_working)
    answer = answer_on(case, {"unet": drawn(working)})
    assert answer.case.grid.differs_from(t1c) is None
    np.testing.assert_array_equal(answer.case.truth, truth)
    assert region_dice(answer.segmentations["unet"].labels, truth)["wt"] > 0.85
    # As it is shown in the app: on the voxels it was read on.
    assert case.as_it_came().shape == sequence.grid.ras_shape
