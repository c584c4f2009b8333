import nibabel as nib
import numpy as np
import pytest
import torch
from torch import nn

from inference.geometry.native_grid import NativeGrid
from inference.metrics.overlap import dice
from inference.preparation.brain.brain_mask import (
    CANVAS,
    GRID_MM,
    brain_logits,
    find_brain,
)
from inference.preparation.brain.heads import normalise_head
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import EMBEDDED

# Half axes in mm of an ellipsoid brain, and how much further out what lies around it ends.
BRAIN, SKULL, SCALP = (66, 82, 60), 7, 13


class Bright(nn.Module):
    """Takes for brain what is about as bright as tissue: an answer that is known."""

    def forward(self, heads: torch.Tensor) -> torch.Tensor:
        return 20 * (heads - 0.5)


def depth(shape: tuple[int, ...], spacing: tuple[float, ...], more: float) -> np.ndarray:
    """(X, Y, Z): below 1 inside an ellipsoid that is so many mm larger than the brain."""
    axes = [(np.arange(n) - (n - 1) / 2) * step for n, step in zip(shape, spacing, strict=True)]
    scaled = [axis / (half + more) for axis, half in zip(axes, BRAIN, strict=True)]
    return sum(axis**2 for axis in np.meshgrid(*scaled, indexing="ij"))


def grid_of(shape: tuple[int, ...], spacing: tuple[float, ...]) -> NativeGrid:
    return NativeGrid.of(nib.Nifti1Image(np.zeros(shape, np.uint8), np.diag([*spacing, 1.0])))


@pytest.mark.parametrize(
    ("shape", "spacing"),
    [((192, 224, 30), (0.9, 0.9, 5.5)), ((30, 192, 180), (5.5, 1.0, 1.0)), ((80,) * 3, (2.2,) * 3)],
)
def test_the_mask_lies_on_the_images_own_grid(shape, spacing):
    brain = depth(shape, spacing, 0) < 1
    found = find_brain(500.0 * brain, grid_of(shape, spacing), model=Bright())
    assert found.mask.shape == shape
    assert found.mask.dtype == bool
    assert dice(found.mask, brain) > 0.97
    assert found.volume_ml == pytest.approx(brain.sum() * np.prod(spacing) / 1000, rel=0.03)


def test_only_the_largest_piece_is_kept_and_its_holes_are_filled():
    spacing, shape = (3.0, 3.0, 3.0), (64, 72, 60)
    image = 500.0 * (depth(shape, spacing, 0) < 1)
    image[28:36, 32:40, 26:34] = 0
    image[:4, :4, :4] = 500
    found = find_brain(image, grid_of(shape, spacing), model=Bright()).mask
    assert found[32, 36, 30]
    assert not found[:6, :6, :6].any()


def test_an_empty_image_has_no_brain():
    shape = (40, 40, 10)
    found = find_brain(np.zeros(shape, np.float32), grid_of(shape, (4, 4, 8)), model=Bright())
    assert not found.mask.any()
    assert found.volume_ml == 0


def test_the_network_sees_voxels_of_one_size():
    logits = brain_logits(np.ones((256, 240, 24), np.float32), (0.9, 0.9, 6.0), Bright())
    seen = np.array([256, 240, 24]) * (0.9, 0.9, 6.0) / logits.shape
    np.testing.assert_allclose(seen, GRID_MM, rtol=0.02)


@pytest.mark.parametrize("shape", [(20, 40, 12), (90, 80, 72), (64, 100, 10)])
def test_the_network_sees_no_less_air_than_it_learned_with(shape):
    seen = []

    class Watching(nn.Module):
        def forward(self, heads: torch.Tensor) -> torch.Tensor:
            seen.append(heads.shape[2:])
            return heads

    image = np.random.default_rng(0).random(shape, np.float32) + 5
    logits = brain_logits(image, (GRID_MM,) * 3, Watching())
    assert all(size >= least for size, least in zip(seen[0], CANVAS, strict=True))
    assert np.corrcoef(logits.ravel(), image.ravel())[0, 1] > 0.999


def test_units_do_not_matter():
    image = np.random.default_rng(0).random((20, 20, 20), np.float32)
    np.testing.assert_allclose(
        normalise_head(image), normalise_head(30 * image + 70), rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("gain", [1.0, 40.0])
@pytest.mark.parametrize("looks", [(900, 60, 500), (400, 80, 500)])
def test_the_shipped_network_finds_a_brain_that_is_drawn(looks, gain):
    if not (EMBEDDED / "brain_mask" / "model.safetensors").is_file():
        pytest.skip("the weights of brain_mask are not there yet")
    shape, spacing = (96, 112, 44), (2.0, 2.0, 4.0)
    image = np.zeros(shape, np.float32)
    for more, value in zip((SCALP, SKULL, 0), looks, strict=True):
        image[depth(shape, spacing, more) < 1] = value * gain
    image += np.random.default_rng(0).normal(0, 15 * gain, shape).astype(np.float32)
    model, _ = load_model("brain_mask")
    found = find_brain(image, grid_of(shape, spacing), model=model).mask
    assert dice(found, depth(shape, spacing, 0) < 1) > 0.85
