"""The same bytes on any number of threads, from all that averages or resizes."""

import os
import subprocess
import sys

import numpy as np
import pytest

from inference.geometry.averaging import area_weights
from inference.geometry.weighted_sums import weighted_sums
from tests.conftest import ROOT

HOW = {
    "resizing": (
        "from inference.network.resizing import stretched;"
        "found = stretched(values[:, None, :, :, 0], (240, 240))"
    ),
    "averaging": (
        "from inference.geometry.averaging import averaged;"
        "planes = np.moveaxis(values[0] + 1, 2, 0);"
        "found = np.stack(list(averaged(planes, planes.shape[1:] + (9,), (100, 77, 5))))"
    ),
    "labels": (
        "from inference.geometry.averaging import most_common;"
        "found = most_common((values[0] * 4).astype(np.uint8), (100, 77, 5))"
    ),
}


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_it_is_the_product_of_matrices(axis):
    images = np.random.default_rng(0).normal(size=(9, 11, 13)).astype(np.float32)
    weights = area_weights(images.shape[axis], 5)
    product = np.moveaxis(np.tensordot(weights, images, (1, axis)), 0, axis)
    np.testing.assert_allclose(weighted_sums(images, axis, weights), product, atol=1e-6)


def test_a_place_that_nothing_has_a_share_in_is_zero():
    weights = np.array([[0, 0, 0], [0, 0.5, 0.5]], np.float32)
    assert weighted_sums(np.array([1, 2, 4], np.float32), 0, weights).tolist() == [0, 3]


@pytest.mark.parametrize("how", HOW)
def test_any_number_of_threads_gives_the_same_bytes(how):
    code = (
        "import numpy as np, hashlib;"
        "values = np.random.default_rng(0).random((2, 240, 155, 9), np.float32);"
        f"{HOW[how]}; print(hashlib.sha256(found.tobytes()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "3")
    }
    assert len(said) == 1
