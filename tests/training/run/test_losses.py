import pytest
import torch
from torch.nn import functional as F

from training.config import LossConfig
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


def some(seed=0):
    random = torch.Generator().manual_seed(seed)
    logits = torch.randn(4, 3, 8, 8, generator=random, requires_grad=True)
    target = (torch.rand(4, 3, 8, 8, generator=random) > 0.7).float()
    return logits, target


WHOLE_ALONE = torch.tensor([True, False, False])


@pytest.mark.parametrize("config", [LossConfig(), LossConfig(positive_weight=3.0, dice=0.5)])
def test_where_everything_is_stated_nothing_changes(config):
    """Against the formula of before, pixel by pixel and over the batch."""
    logits, target = some()
    weight = torch.tensor(config.positive_weight)
    plain = F.binary_cross_entropy_with_logits(logits, target, pos_weight=weight)
    plain = plain + config.dice * soft_dice_loss(logits, target)
    for known in (None, torch.ones(4, 3, dtype=torch.bool)):
        torch.testing.assert_close(region_loss(logits, target, config, known=known), plain)


def test_what_is_not_stated_gives_exactly_no_gradient():
    logits, target = some()
    known = torch.ones(4, 3, dtype=torch.bool)
    known[:2] = WHOLE_ALONE
    region_loss(logits, target, known=known).backward()
    assert (logits.grad[:2, 1:] == 0).all()
    assert (logits.grad[:2, 0] != 0).all()
    assert (logits.grad[2:] != 0).all()


def test_what_is_not_stated_does_not_matter():
    logits, target = some()
    known = torch.ones(4, 3, dtype=torch.bool)
    known[:2] = WHOLE_ALONE
    other = target.clone()
    other[:2, 1:] = 1 - other[:2, 1:]
    before, after = (region_loss(logits, each, known=known) for each in (target, other))
    assert before == after
    assert before != region_loss(logits, other)


def test_a_batch_of_the_partial_alone_has_a_third_of_a_loss_that_is_finite():
    """Each region weighs the same in every batch; what nobody states adds nothing."""
    logits, target = some()
    loss = region_loss(logits, target, known=WHOLE_ALONE.expand(4, -1))
    alone = region_loss(logits[:, :1], target[:, :1])
    assert loss.isfinite()
    assert loss.item() == pytest.approx(alone.item() / 3, rel=1e-5)


def test_a_region_is_averaged_over_those_who_state_it():
    """Twice as many slices that say nothing of the core leave the core's loss as it was."""
    logits, target = some()
    more = torch.cat([logits, logits[:, [0]].expand(-1, 3, -1, -1)]), target.repeat(2, 1, 1, 1)
    known = torch.ones(8, 3, dtype=torch.bool)
    known[4:] = WHOLE_ALONE
    whole_repeated = region_loss(*more, known=known)
    assert whole_repeated.item() == pytest.approx(_with_whole_twice(logits, target), rel=1e-5)


def _with_whole_twice(logits, target):
    whole = torch.cat([logits[:, :1]] * 2), torch.cat([target[:, :1]] * 2)
    parts = region_loss(logits[:, 1:], target[:, 1:])
    return (region_loss(*whole).item() + 2 * parts.item()) / 3
