"""A case of files, opened as the networks see it and as it came."""

from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from common.errors import InputError
from inference.io.cases.case_files import open_cases
from inference.metrics import region_dice
from inference.network.segmentation import Segmentation
from inference.preparation.opened_case import PreparationOptions, open_case, questioned
from inference.preparation.template import working_grid
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("coarse_working_grid")


def no_network():
    raise AssertionError("no skull is on, so nothing has to be found")


def save(image, voxels, file):
    nib.save(nib.Nifti1Image(image.grid.to_native(voxels), None, image.grid.header), file)


@pytest.fixture(scope="module")
def scan_folder(made_up_scan, tmp_path_factory):
    """The examination as NIfTI files, its truth on the grid of the T1c."""
    folder = tmp_path_factory.mktemp("scan") / "patient"
    folder.mkdir()
    for image in made_up_scan.images:
        save(image, image.voxels, folder / f"patient_{image.modality}.nii.gz")
    t1c = next(image for image in made_up_scan.images if image.modality == "t1c")
    save(t1c, made_up_scan.truths["t1c"].astype(np.float32), folder / "patient_seg.nii.gz")
    return folder


def opened(folder, prepare="auto", find_brain=no_network, **options):
    with open_cases([folder]) as (files,):
        return open_case(files, PreparationOptions(prepare, find_brain, **options))


@pytest.fixture(scope="module")
def scan(scan_folder, coarse_working_grid, poses_known):
    return opened(scan_folder)


def test_grids_of_their_own_are_prepared_and_the_answer_returns(scan, made_up_scan):
    assert scan.case.grid.differs_from(working_grid()) is None
    assert scan.sequences == ("t1", "t1c", "t2", "flair")
    native = scan.as_it_came()
    np.testing.assert_array_equal(native.truth, made_up_scan.truths["t1c"])
    tumour = scan.case.volume[3] > np.percentile(scan.case.volume[3], 99.9)
    everything = Segmentation(
        "made up",
        tumour.astype(np.uint8) * 2,
        np.stack([tumour] * 3).astype(np.float16),
        tuple(slice(0, size) for size in tumour.shape),
    )
    for modality, sequence in scan.preparation.sequences.items():
        there = scan.segmentation_as_it_came(everything, modality)
        assert there.labels.shape == sequence.grid.ras_shape
    assert scan.as_it_came("flair").shape == scan.preparation.sequences["flair"].grid.ras_shape
    assert any("the head had moved" in note for note in native.notes)


def test_labels_alone_are_those_that_come_with_probabilities(scan):
    case = scan
    tumour = case.case.volume[3] > np.percentile(case.case.volume[3], 99)
    found = Segmentation(
        "made up",
        tumour.astype(np.uint8) * 2,
        np.stack([tumour] * 3).astype(np.float16),
        tuple(slice(0, size) for size in tumour.shape),
    )
    both = case.segmentation_as_it_came(found)
    alone = case.without_images().segmentation_as_it_came(found, with_probabilities=False)
    assert both.labels.any()
    np.testing.assert_array_equal(alone.labels, both.labels)
    assert alone.probabilities.size == 0


def test_frames_have_the_grid_and_the_truth_and_no_voxels(scan):
    case = scan
    whole, frames = case.as_it_came("t2"), case.without_images().frames_of_file("t2")
    assert frames.grid.differs_from(whole.grid) is None
    assert frames.shape == whole.shape
    assert frames.notes == whole.notes
    np.testing.assert_array_equal(frames.truth, whole.truth)
    assert not frames.volume.any()
    assert frames.volume.base.size == 1
    with pytest.raises(InputError, match="--onto"):
        case.frames_of_file("pd")


def test_what_brats_prepared_is_left_alone(small_case_folder):
    case = opened(small_case_folder)
    assert case.preparation is None
    assert case.as_it_came() is case.case


def test_never_leaves_it_to_who_asked(scan_folder):
    with pytest.raises(InputError, match="does not fit"):
        opened(scan_folder, "never")


def test_a_skull_that_cannot_be_taken_off_is_read_as_it_is_with_a_sentence(
    small_case_folder, tmp_path
):
    for file in small_case_folder.iterdir():
        image = nib.load(file)
        voxels = np.asarray(image.dataobj)
        noise = np.random.default_rng(0).integers(1, 9, voxels.shape)
        voxels = voxels if "seg" in file.name else np.where(voxels == 0, noise, voxels)
        nib.save(nib.Nifti1Image(voxels, None, image.header), tmp_path / file.name)
    case = opened(tmp_path, find_brain=lambda: lambda image, grid: image < 0)
    assert case.preparation is None
    assert "could not be prepared: No brain was found" in case.case.notes[0]


def test_a_mask_that_lies_on_no_image_is_refused(scan_folder, tmp_path):
    file = tmp_path / "mask.nii.gz"
    voxels = np.ones((20, 20, 20), np.float32)
    voxels[:5] = 0
    nib.save(nib.Nifti1Image(voxels, np.eye(4)), file)
    with pytest.raises(InputError, match="lies on the grid of none"):
        opened(scan_folder, brain_mask=file)


def test_an_image_that_is_not_there_cannot_carry_the_answer(scan):
    two = {name: scan.preparation.sequences[name] for name in ("t1c", "flair")}
    case = replace(scan, preparation=replace(scan.preparation, sequences=two))
    with pytest.raises(InputError, match="has no t2 to lay the answer on"):
        case.as_it_came("t2")


def test_the_truth_is_scored_where_it_was_drawn(scan, made_up_scan):
    native = scan.as_it_came()
    assert region_dice(native.truth, made_up_scan.truths["t1c"])["wt"] == 1


def exchanged(folder, one, other, place):
    """A copy of the sample, crop of slices, with two of its files under each other's names."""
    names = {one: other, other: one}
    for kind in ("t1", "t1ce", "t2", "flair"):
        image = nib.load(folder / f"synthetic_glioma_{names.get(kind, kind)}.nii.gz")
        nib.save(image, place / f"a_{kind}.nii.gz")
    return place


@pytest.mark.slow
@pytest.mark.parametrize("pair", [("t1", "t1ce"), ("t2", "flair"), ("t1", "t1")])
def test_images_under_each_others_names_are_questioned(tmp_path, pair):
    case = opened(exchanged(ROOT / "assets/sample/synthetic_glioma", *pair, tmp_path)).case
    questions = [note for note in case.notes if " looks like " in note]
    assert bool(questions) == (pair[0] != pair[1])


def test_without_flair_nothing_is_questioned(whole_case):
    few = replace(whole_case, present=("t1", "t1c", "t2"))
    assert questioned(few) is few
