"""The sample in the repository is small, and the head that the generator draws.

Drawn at full size it is the sample voxel by voxel: ``tests/soak/test_sample.py``.
"""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.geometry.native_grid import NativeGrid
from inference.metrics import dice
from synthetic.write import NAMINGS

SAMPLE = Path(__file__).parents[2] / "assets" / "sample" / "synthetic_glioma"


def sample_images() -> dict[str, nib.Nifti1Image]:
    """By modality, and ``"truth"``."""
    endings = NAMINGS["brats2021"]
    return {
        key: nib.load(SAMPLE / f"synthetic_glioma{ending}.nii.gz")
        for key, ending in zip((*MODALITIES, "truth"), endings, strict=True)
    }


@pytest.fixture(scope="module")
def images():
    return sample_images()


def test_it_is_small():
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 6e6


def test_it_has_the_geometry_of_brats(images):
    for image in images.values():
        assert image.shape == (240, 240, 155)
        expected = [(-1, 0, 0, 0), (0, -1, 0, 239), (0, 0, 1, 0), (0, 0, 0, 1)]
        np.testing.assert_array_equal(image.affine, expected)


def test_it_is_the_head_that_the_generator_draws(images, case):
    """On larger voxels, each beside the one of the sample at its middle; another seed is far off.

    Folds of the cortex that two voxels see in part keep an image from being the same.
    """
    for key, image in images.items():
        stored = _at_voxels_of(case, image)
        if key == "truth":
            assert dice(stored > 0, case.truth > 0) > 0.85
        else:
            drawn = case.volume[MODALITIES.index(key)]
            assert ((stored > 0) == (drawn > 0)).mean() > 0.995
            inside = (stored > 0) | (drawn > 0)
            assert np.corrcoef(stored[inside], drawn[inside])[0, 1] > 0.7


def _at_voxels_of(case, image):
    grid = NativeGrid.of(image)
    to_stored = np.linalg.inv(grid.ras_affine) @ case.affine
    places = np.einsum("ij,j...->i...", to_stored[:3, :3], np.indices(case.truth.shape))
    index = np.rint(places + to_stored[:3, 3, None, None, None]).astype(int)
    index = [each.clip(0, size - 1) for each, size in zip(index, image.shape, strict=True)]
    return grid.to_ras(np.asarray(image.dataobj))[tuple(index)]
