import pytest
import torch

from training.run.losses import region_loss, soft_dice_loss


def test_takes_logits_and_applies_the_one_sigmoid_itself():
    """Were a sigmoid applied before, a certain and right answer could not reach a loss of 0."""
    target = torch.zeros(2, 3, 8, 8)
    target[:, :, 2:5] = 1
    certain = (target - 0.5) * 60
    assert region_loss(certain, target) < 1e-3
    assert region_loss(certain.sigmoid(), target) > 0.3
    assert region_loss(-certain, target) > 5


def test_dice_of_a_half_right_answer():
    target = torch.zeros(1, 1, 4, 4)
    target[..., :2] = 1
    drawn = torch.full((1, 1, 4, 4), -40.0)
    drawn[..., :1] = 40
    # 2·4 / (4 + 8), with smoothing 1 above and below
    assert soft_dice_loss(drawn, target).item() == pytest.approx(1 - 9 / 13, abs=1e-4)


def test_an_empty_slice_answered_empty_costs_nothing():
    assert region_loss(torch.full((1, 3, 8, 8), -40.0), torch.zeros(1, 3, 8, 8)) < 1e-3


def test_every_region_counts():
    target = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0)) > 0.5
    logits = torch.zeros(2, 3, 8, 8, requires_grad=True)
    region_loss(logits, target).backward()
    assert (logits.grad.abs().sum(dim=(0, 2, 3)) > 0).all()
