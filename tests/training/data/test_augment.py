from dataclasses import replace

import pytest
import torch

from training.config import AugmentConfig
from training.data.augment import augment
from training.data.draws import Draws

STILL = AugmentConfig(
    rotate=0, scale=0, flip=0, gamma=0, contrast=0, brightness=0, noise=0, blur=0, drop_modality=0
)


def disc(size: int = 48) -> tuple[torch.Tensor, torch.Tensor]:
    """Eight stacks of three slices of a brain-like disc whose bright spot is the target."""
    y, x = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    brain = (x - size / 2) ** 2 + (y - size / 2) ** 2 < (size / 2.5) ** 2
    spot = (x - size * 0.6) ** 2 + (y - size * 0.4) ** 2 < 30
    image = brain * (0.5 + 2.0 * spot)
    return image.repeat(8, 3, 4, 1, 1).float(), spot.expand(8, 3, -1, -1)


def run(config, *, seed=0, crop=(48, 48)):
    slices, target = disc()
    random = Draws(torch.Generator().manual_seed(seed))
    return augment(slices, target, crop=crop, config=config, random=random)


def test_the_same_generator_gives_the_same_batch():
    first, second, other = run(AugmentConfig()), run(AugmentConfig()), run(AugmentConfig(), seed=1)
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    assert not torch.equal(first[0], other[0])


@pytest.mark.parametrize("bend", [{"rotate": 40}, {"scale": 0.3}, {"flip": 1.0}, {"warp": 8.0}, {}])
def test_image_and_target_move_together(bend):
    slices, target = run(replace(STILL, **bend))
    inside = slices[:, 1, 0][target[:, 0] > 0]
    assert target.sum() > 0
    assert (inside > 1.5).float().mean() > 0.9, "the target left its spot"


def test_the_target_stays_binary_and_the_background_zero():
    slices, target = run(AugmentConfig())
    assert set(target.unique().tolist()) <= {0.0, 1.0}
    corner = slices[..., :2, :2]
    assert (corner == 0).float().mean() > 0.9


def test_crop_size():
    slices, target = run(AugmentConfig(), crop=(32, 40))
    assert slices.shape == (8, 3, 4, 32, 40)
    assert target.shape == (8, 3, 32, 40)


def test_at_least_one_modality_is_always_left():
    for seed in range(20):
        slices, _ = run(replace(STILL, drop_modality=0.95), seed=seed)
        left = slices.flatten(3).any(dim=3)
        assert left.sum(dim=2).min() >= 1
        assert (left == left[:, :1]).all(), "a modality is lost in all slices of a stack or in none"


@pytest.mark.parametrize(
    "change",
    [
        {"gamma": 1.0},
        {"contrast": 0.5},
        {"brightness": 0.5},
        {"shading": 0.5},
        {"blur": 1.0},
        {"low_resolution": 1.0},
    ],
)
def test_what_changes_a_modality_changes_it_alike_in_the_neighbours(change):
    slices, _ = run(replace(STILL, **change))
    unchanged, _ = run(STILL)
    assert not torch.equal(slices, unchanged), "nothing was changed"
    torch.testing.assert_close(slices[:, 0], slices[:, 1])
    torch.testing.assert_close(slices[:, 2], slices[:, 1])


def test_a_warp_bends_and_does_not_only_shift():
    target = run(replace(STILL, warp=8.0))[1][:, 0].flatten(1).sum(dim=1)
    still = run(STILL)[1][:, 0].flatten(1).sum(dim=1)
    assert (target != still).any()


def test_every_modality_is_dropped_at_about_its_rate():
    lost = [
        (~run(replace(STILL, drop_modality=0.3), seed=seed)[0][:, 1].flatten(2).any(dim=2)).float()
        for seed in range(100)
    ]
    rates = torch.cat(lost).mean(dim=0)
    assert torch.allclose(rates, torch.full((4,), 0.3), atol=0.06)
