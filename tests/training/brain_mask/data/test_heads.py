import numpy as np
import pytest
import torch

from training.brain_mask.data.contrast import intensities, scanned
from training.brain_mask.data.heads import Source, batch, example, of_label_map
from training.brain_mask.data.label_maps import GROUPS, LabelledHead
from training.brain_mask.train import mask_loss

CANVAS, GRID = (40, 48, 40), 5.0


def ball(radius: float) -> np.ndarray:
    axes = np.meshgrid(*[np.arange(48) - 23.5] * 3, indexing="ij")
    return sum(axis**2 for axis in axes) < radius**2


def labelled() -> Source:
    groups = np.zeros((48, 48, 48), np.uint8)
    for radius, name in ((23, "skin"), (20, "bone"), (18, "csf"), (16, "white")):
        groups[ball(radius)] = GROUPS.index(name)
    return of_label_map(LabelledHead("ball", groups, ball(17), (4.0, 4.0, 4.0)))


def with_channels() -> Source:
    brain = torch.from_numpy(ball(17)).float()[None]
    image = torch.cat([0.6 * brain, 0.3 * brain]) + 0.05
    return Source(image, brain, (4.0, 4.0, 4.0))


@pytest.mark.parametrize("source", [labelled(), with_channels()], ids=["labels", "channels"])
def test_an_example_is_a_head_and_its_brain(source):
    generator = torch.Generator().manual_seed(3)
    image, brain = example(source, CANVAS, GRID, generator)
    assert image.shape == brain.shape == (1, *CANVAS)
    assert torch.isfinite(image).all()
    assert image.min() >= 0
    assert image.max() <= 4
    assert brain.min() >= 0
    assert brain.max() <= 1 + 1e-5  # rounding of the interpolation
    assert brain.sum() > 100


def test_a_step_draws_the_same_heads_each_time_and_another_step_others():
    sources = [labelled()], [with_channels()]

    def drawn(seed: int) -> torch.Tensor:
        generator = torch.Generator().manual_seed(seed)
        return batch(*sources, 0.5, 2, CANVAS, GRID, generator)[0]

    assert torch.equal(drawn(1), drawn(1))
    assert not torch.equal(drawn(1), drawn(2))


def test_what_was_not_scanned_shows_nothing_and_holds_no_brain():
    for seed in range(12):
        generator = torch.Generator().manual_seed(seed)
        image, seen = scanned(torch.rand(1, *CANVAS) + 1, GRID, generator)
        assert not image[~seen].any()


def test_contrasts_differ_and_air_is_dark_as_a_rule():
    looks = torch.stack([intensities(torch.Generator().manual_seed(seed)) for seed in range(40)])
    assert (looks >= 0).all()
    assert looks[:, GROUPS.index("white")].std() > 0.1
    assert looks[:, GROUPS.index("air")].median() < 0.1


def test_the_loss_is_least_where_the_answer_is_right():
    brain = torch.from_numpy(ball(17)).float()[None, None]
    right, wrong = 12 * (brain - 0.5), 12 * (0.5 - brain)
    assert mask_loss(right, brain) < 0.05
    assert mask_loss(wrong, brain) > 1
