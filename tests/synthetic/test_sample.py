"""The sample in the repository is what the generator makes, and small."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.geometry.native_grid import NativeGrid
from synthetic import make_case
from synthetic.write import NAMINGS

SAMPLE = Path(__file__).parents[2] / "assets" / "sample" / "synthetic_glioma"
# Machines differ in the last bits of a float, which moves a voxel by a level or a border by one.
MAY_DIFFER = 1e-3


@pytest.fixture(scope="module")
def images():
    endings = NAMINGS["brats2021"]
    return {
        key: nib.load(SAMPLE / f"synthetic_glioma{ending}.nii.gz")
        for key, ending in zip((*MODALITIES, "truth"), endings, strict=True)
    }


def test_it_is_small():
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 6e6


def test_it_has_the_geometry_of_brats(images):
    for image in images.values():
        assert image.shape == (240, 240, 155)
        expected = [(-1, 0, 0, 0), (0, -1, 0, 239), (0, 0, 1, 0), (0, 0, 0, 1)]
        np.testing.assert_array_equal(image.affine, expected)


@pytest.mark.slow
def test_it_is_what_the_generator_makes(images):
    case = make_case()
    for key, image in images.items():
        stored = NativeGrid.of(image).to_ras(np.asarray(image.dataobj)).astype(int)
        if key == "truth":
            assert (stored != case.truth).mean() < MAY_DIFFER
        else:
            made = case.volume[MODALITIES.index(key)].astype(int)
            assert (np.abs(stored - made) > 1).mean() < MAY_DIFFER
