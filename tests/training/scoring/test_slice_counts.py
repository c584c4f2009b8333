import numpy as np
import pytest
import torch

from inference.metrics import dice
from training.scoring.slice_counts import SliceCounts, by_region


@pytest.fixture
def regions():
    random = np.random.default_rng(0)
    drawn, true = random.random((2, 3, 6, 8, 7)) < 0.3
    drawn[:, 0] = true[:, 0] = False  # empty and empty
    true[:, 1] = False
    drawn[:, 2] = False
    return drawn, true


def test_slices_have_the_dice_of_monai(regions, monai_metrics):
    batch = [torch.from_numpy(each).float().swapaxes(0, 1) for each in regions]
    expected = monai_metrics.compute_dice(*batch, ignore_empty=False).numpy()
    np.testing.assert_allclose(SliceCounts.of(*regions).each_dice(), expected, atol=1e-6)


def test_pooled_slices_have_the_dice_of_the_volume(regions):
    pooled = SliceCounts.of(*regions).pooled_dice()
    assert pooled == pytest.approx([dice(d, t) for d, t in zip(*regions, strict=True)])


def test_background_is_the_other_class(regions):
    drawn, true = regions
    counts = SliceCounts.of(drawn, true).background()
    expected = SliceCounts.of(~drawn, ~true)
    for part in ("overlap", "predicted", "true"):
        np.testing.assert_array_equal(getattr(counts, part), getattr(expected, part))


def test_accuracy_is_the_share_of_equal_pixels(regions):
    drawn, true = regions
    expected = (drawn == true).mean(axis=(1, 2, 3))
    assert SliceCounts.of(drawn, true).accuracy() == pytest.approx(expected)


def test_some_slices_and_several_patients(regions):
    drawn, true = regions
    counts = SliceCounts.of(drawn, true)
    both = SliceCounts.join([counts[:2], counts[np.arange(6) >= 2]])
    assert len(both) == 6
    np.testing.assert_array_equal(both.overlap, counts.overlap)
    np.testing.assert_array_equal(counts.with_tumour, true[0].any(axis=(1, 2)))
    assert by_region(both.pooled_dice()) == by_region(counts.pooled_dice())
