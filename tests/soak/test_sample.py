"""The sample in the repository is what the generator makes, voxel by voxel.

The short form runs with every test, on larger voxels: ``tests/synthetic/test_sample.py``.
"""

import os

import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.geometry.native_grid import NativeGrid
from synthetic import make_case
from tests.synthetic.test_sample import sample_images

pytestmark = pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak")

# Machines differ in the last bits of a float, which moves a voxel by a level or a border by one.
MAY_DIFFER = 1e-3


def test_it_is_what_the_generator_makes():
    case = make_case()
    for key, image in sample_images().items():
        stored = NativeGrid.of(image).to_ras(np.asarray(image.dataobj)).astype(int)
        if key == "truth":
            assert (stored != case.truth).mean() < MAY_DIFFER
        else:
            made = case.volume[MODALITIES.index(key)].astype(int)
            assert (np.abs(stored - made) > 1).mean() < MAY_DIFFER
