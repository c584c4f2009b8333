import numpy as np
import pytest

from common.errors import InputError
from inference.io.scan_images import ScanImage
from inference.metrics import region_dice
from inference.preparation.decision import reason_to_prepare
from inference.preparation.native_space import labels_on
from inference.preparation.prepare import GivenBrain, prepare_examination
from inference.preparation.template import grid_of, mean_brain, working_grid
from tests.inference.preparation.conftest import brain_of_stripped

pytestmark = pytest.mark.usefixtures("coarse_working_grid")


def true_pose(scan, modality):
    """From the world of the T1c to that of another sequence."""
    return np.linalg.inv(scan.motions[modality]) @ scan.motions["t1c"]


@pytest.mark.parametrize("modality", ["t1", "t2", "flair"])
def test_the_motion_of_every_sequence_is_measured(preparation, made_up_scan, modality):
    pose = preparation.sequences[modality].pose
    assert pose.problem is None
    grid = preparation.sequences["t1c"].grid
    centre = grid.ras_affine @ [*(np.array(grid.ras_shape) / 2), 1]
    error = (pose.matrix - true_pose(made_up_scan, modality)) @ centre
    assert np.linalg.norm(error) < 2


def test_the_case_is_as_brats_prepares_it(preparation):
    case = preparation.case
    assert case.grid.differs_from(working_grid()) is None
    assert case.present == ("t1", "t1c", "t2", "flair")
    assert not case.volume[:, ~preparation.brain].any()
    images = [ScanImage(m, m, v, case.grid) for m, v in zip(case.present, case.volume, strict=True)]
    assert reason_to_prepare(images) is None


def test_the_brain_lies_on_the_template(preparation):
    def centre(image, grid):
        return (grid.ras_affine @ [*np.argwhere(image != 0).mean(axis=0), 1])[:3]

    there = centre(mean_brain().image, mean_brain().grid)
    assert np.linalg.norm(centre(preparation.brain, working_grid()) - there) < 12


def test_a_truth_that_goes_there_and_back_stays_what_it_was(preparation, made_up_scan):
    t1c = preparation.sequences["t1c"]
    way = {"of": t1c.grid, "onto": working_grid(), "motion": t1c.from_working}
    there = labels_on(made_up_scan.truths["t1c"], **way)
    for modality, sequence in preparation.sequences.items():
        motion = np.linalg.inv(sequence.from_working)
        back = labels_on(there, of=working_grid(), onto=sequence.grid, motion=motion)
        assert min(region_dice(back, made_up_scan.truths[modality]).values()) > 0.8, modality


def test_a_sequence_without_a_brain_is_left_out_with_a_sentence(made_up_scan, poses_known):
    def but_not_t2(image, grid):
        return (image != 0) & (image.shape != t2.voxels.shape)

    t2 = next(image for image in made_up_scan.images if image.modality == "t2")
    found = prepare_examination(made_up_scan.images, name="head", find_brain=but_not_t2)
    assert "t2" not in found.case.present
    assert any("No brain was found in t2" in warning for warning in found.warnings)


def test_no_brain_at_all_is_refused(made_up_scan):
    with pytest.raises(InputError, match="No brain was found in head"):
        prepare_examination(
            made_up_scan.images, name="head", find_brain=lambda image, grid: image < -1
        )


def test_a_few_millilitres_are_no_brain(made_up_scan):
    def speck(image, grid):
        mask = np.zeros(image.shape, bool)
        mask[:5, :5, :5] = True
        return mask

    with pytest.raises(InputError, match="No brain was found in head"):
        prepare_examination(made_up_scan.images, name="head", find_brain=speck)


def test_a_slab_is_told_from_another_part_of_the_body():
    grid = grid_of((64, 64, 8), np.eye(4))
    slab = ScanImage("t1", "t1", np.ones((64, 64, 8), np.float32), grid)
    with pytest.raises(InputError, match="cover 8 mm at the most; give images of a whole head"):
        prepare_examination([slab], name="head", find_brain=lambda image, grid: image < 0)


def test_a_given_brain_is_the_one_that_is_used(made_up_scan, poses_known):
    t1c = next(image for image in made_up_scan.images if image.modality == "t1c")
    half = t1c.voxels != 0
    half[: half.shape[0] // 2] = False
    found = prepare_examination(
        made_up_scan.images,
        name="head",
        find_brain=brain_of_stripped,
        given=GivenBrain(half, "t1c"),
    )
    assert found.brain_ml == pytest.approx(half.sum() * np.prod(t1c.grid.spacing) / 1000, rel=0.03)


def test_grids_of_their_own_are_a_reason_and_a_few_slices_are_none(made_up_scan):
    assert reason_to_prepare(made_up_scan.images) == "The images lie on grids of their own"
    image = made_up_scan.images[1]
    thin = ScanImage(
        "x", "t1c", image.voxels[..., :5], grid_of((*image.voxels.shape[:2], 5), image.grid.affine)
    )
    assert reason_to_prepare([thin]) is None


def test_a_mask_that_the_others_contradict_is_reported(made_up_scan, poses_known):
    def half_a_brain_in_flair(image, grid):
        found = image != 0
        if image.shape == flair.voxels.shape and np.array_equal(image, flair.voxels):
            found[: found.shape[0] // 2] = False
        return found

    flair = next(image for image in made_up_scan.images if image.modality == "flair")
    found = prepare_examination(made_up_scan.images, name="head", find_brain=half_a_brain_in_flair)
    assert any("brain found in FLAIR agrees less" in warning for warning in found.warnings)
