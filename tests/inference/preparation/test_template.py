import nibabel as nib
import numpy as np

from inference.preparation.template import mean_brain, working_grid


def test_the_working_grid_is_that_of_brats():
    grid = working_grid()
    assert grid.shape == (240, 240, 155)
    assert grid.spacing == (1, 1, 1)
    assert nib.aff2axcodes(grid.affine) == ("L", "P", "S")
    np.testing.assert_array_equal(grid.affine[:3, 3], (0, 239, 0))


def test_the_mean_brain_lies_on_it():
    template = mean_brain()
    places = np.argwhere(template.image > 0)
    low, high = (template.grid.ras_affine @ [*end(places, axis=0), 1] for end in (np.min, np.max))
    size_mm = (high - low)[:3]
    assert np.all(size_mm > 110)
    voxels = np.linalg.inv(working_grid().ras_affine) @ np.stack([low, high], axis=1)
    assert voxels[:3].min() >= 0
    assert np.all(voxels[:3].max(axis=1) < working_grid().ras_shape)
