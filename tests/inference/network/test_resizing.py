"""The same numbers as PyTorch, whose resizing the networks learned with."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from inference.network.resizing import averaged, interpolated, stretched

SIZES = [((60, 44), (120, 88)), ((97, 55), (64, 64)), ((33, 33), (20, 70)), ((240, 200), (96, 80))]
VOLUMES = [((64, 60, 30), (21, 20, 55)), ((30, 80, 24), (128, 100, 12)), ((5, 5, 5), (5, 9, 5))]


def noise(*shape):
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize(("have", "want"), SIZES)
def test_slices_are_stretched_as_pytorch_does_with_antialias(have, want):
    images = noise(2, 3, *have)
    theirs = F.interpolate(torch.from_numpy(images), want, mode="bilinear", antialias=True)
    np.testing.assert_allclose(stretched(images, want), theirs.numpy(), atol=2e-5)


@pytest.mark.parametrize(("have", "want"), VOLUMES)
def test_volumes_are_interpolated_as_pytorch_does(have, want):
    volume = noise(*have)
    theirs = F.interpolate(torch.from_numpy(volume)[None, None], want, mode="trilinear")
    np.testing.assert_allclose(interpolated(volume, want), theirs[0, 0].numpy(), atol=2e-5)


@pytest.mark.parametrize(("have", "want"), VOLUMES)
def test_volumes_are_averaged_as_pytorch_does(have, want):
    volume = noise(*have)
    theirs = F.interpolate(torch.from_numpy(volume)[None, None], want, mode="area")
    np.testing.assert_allclose(averaged(volume, want), theirs[0, 0].numpy(), atol=2e-5)


def test_what_has_the_size_already_is_left_alone():
    images = noise(1, 1, 7, 5)
    assert stretched(images, (7, 5)) is images or np.array_equal(stretched(images, (7, 5)), images)
