import numpy as np

from inference.case import Case
from inference.preparation.template import grid_of
from training.hospital.made_up_scan import scan_like_a_hospital


def small_case():
    """A ball of tissue with a tumour in it, 2 mm."""
    grid = grid_of((80, 90, 70), np.diag([2.0, 2.0, 2.0, 1.0]))
    axes = np.meshgrid(*[np.arange(size) for size in grid.shape], indexing="ij")
    away = np.sqrt(sum((axis - size / 2) ** 2 for axis, size in zip(axes, grid.shape, strict=True)))
    volume = np.where(away < 32, 100 - away, 0).astype(np.float32)[None].repeat(4, axis=0)
    truth = np.where(away < 12, 3, 0).astype(np.uint8)
    return Case("ball", volume, ("t1", "t1c", "t2", "flair"), grid, truth=truth)


def test_every_sequence_has_a_grid_of_its_own_and_the_whole_head():
    case = small_case()
    scan = scan_like_a_hospital(case, seed=1)
    tissue_ml = (case.volume[0] > 0).sum() * 8
    for image in scan.images:
        own_ml = (image.voxels > 0).sum() * np.prod(image.grid.spacing)
        assert abs(own_ml - tissue_ml) < 0.05 * tissue_ml
    thickest = {image.modality: max(image.grid.spacing) for image in scan.images}
    assert thickest["t1c"] < 1.1
    assert min(thickest[m] for m in ("t1", "t2", "flair")) > 4.9


def test_the_tumour_is_where_the_motion_brought_it():
    case = small_case()
    scan = scan_like_a_hospital(case, seed=2, pixel_mm=2.0)
    centre = case.grid.ras_affine @ [*np.argwhere(case.truth).mean(axis=0), 1]
    for image in scan.images:
        truth = scan.truths[image.modality]
        there = image.grid.ras_affine @ [*np.argwhere(truth).mean(axis=0), 1]
        back = scan.motions[image.modality] @ there
        assert np.linalg.norm(back - centre) < 1.5


def test_the_same_seed_gives_the_same_scan():
    one, other = (scan_like_a_hospital(small_case(), seed=5, pixel_mm=2.0) for _ in range(2))
    for first, second in zip(one.images, other.images, strict=True):
        np.testing.assert_array_equal(first.voxels, second.voxels)
