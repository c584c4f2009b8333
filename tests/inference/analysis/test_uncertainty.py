import numpy as np
import pytest
import torch
from torch import nn

from inference.analysis.uncertainty import (
    Tally,
    agreement,
    binary_entropy,
    disputed,
    predict_mirrored,
)
from inference.metrics import region_dice
from inference.network.engine import predict
from inference.network.preprocess import Prepared, from_slices

SHAPE = (3, 12, 10, 6)


class Alike(nn.Module):
    """Answers for each pixel from that pixel alone, so that a mirror image changes nothing."""

    def __init__(self):
        super().__init__()
        self.limits = nn.Parameter(torch.tensor([0.0, 0.5, 1.0]).view(1, 3, 1, 1))

    def forward(self, slices):
        return 3 * slices[:, [3, 1, 1]] - self.limits


class Sided(Alike):
    """Finds less on the right half of what it is shown."""

    def forward(self, slices):
        falling = torch.linspace(0, 4, slices.shape[-1], device=slices.device)
        return super().forward(slices) - falling


@pytest.fixture(scope="module")
def prepared():
    slices = np.random.default_rng(0).normal(size=(6, 4, 10, 12)).astype(np.float32)
    return Prepared(slices, (slice(0, 12), slice(0, 10), slice(0, 6)), 0.0)


def tumour(*, wide=4):
    labels = np.zeros((12, 10, 6), np.uint8)
    labels[2 : 2 + wide, 3:7, 1:5] = 2
    labels[3:5, 4:6, 2:4] = 3
    return labels


def test_a_model_that_is_its_own_mirror_image_leaves_no_disagreement(prepared):
    model, tally = Alike().eval(), Tally()
    tally.add("seen", from_slices(predict(model, prepared.slices)))
    tally.add("mirrored", predict_mirrored(model, prepared))
    maps, found = tally.maps(), tally.agreement()
    assert maps.disagreement.max() == 0
    assert maps.uncertainty.max() > 0.9, "it is undecided itself, and that must not be lost"
    assert all(each.disputed == 0 and each.least_dice == 1 for each in found.values())


def test_a_model_that_prefers_a_side_disagrees_with_itself(prepared):
    model, tally = Sided().eval(), Tally()
    seen = from_slices(predict(model, prepared.slices))
    mirrored = predict_mirrored(model, prepared)
    tally.add("seen", seen)
    tally.add("mirrored", mirrored)
    assert tally.maps().disagreement.max() > 0.1
    # Turned back, its weak side is the other one.
    assert seen[:, -3:].mean() > seen[:, :3].mean()
    assert mirrored[:, -3:].mean() < mirrored[:, :3].mean()


def test_mirroring_reports_progress_to_the_end(prepared):
    told = []
    predict_mirrored(Alike().eval(), prepared, progress=told.append)
    assert told[-1] == 1


def test_uncertainty_is_disagreement_and_indecision_together():
    random, tally = np.random.default_rng(1), Tally()
    readings = [random.random(SHAPE).astype(np.float16) for _ in range(4)]
    for number, reading in enumerate(readings):
        tally.add(str(number), reading)
    maps = tally.maps()
    np.testing.assert_allclose(maps.mean, np.mean(readings, axis=0, dtype=np.float32), atol=1e-6)
    np.testing.assert_allclose(maps.uncertainty, maps.disagreement + maps.indecision, atol=1e-5)
    assert maps.uncertainty.max() <= 1
    assert maps.disagreement.min() >= 0


def test_readings_that_contradict_one_another_disagree_by_a_whole_bit():
    tally = Tally()
    tally.add("yes", np.ones(SHAPE, np.float16))
    tally.add("no", np.zeros(SHAPE, np.float16))
    maps = tally.maps()
    np.testing.assert_allclose(maps.disagreement, 1)
    np.testing.assert_allclose(maps.indecision, 0)


def test_a_name_counts_once():
    tally = Tally()
    tally.add("one", np.zeros(SHAPE, np.float16))
    with pytest.raises(ValueError, match="'one'"):
        tally.add("one", np.zeros(SHAPE, np.float16))


def test_agreement_counts_what_all_and_what_some_draw():
    maps = {"a": tumour(), "b": tumour(wide=6), "c": tumour(wide=5)}
    found = agreement(maps, "wt")
    assert found.voxels == {"a": 4 * 16, "b": 6 * 16, "c": 5 * 16}
    assert (found.least, found.most) == (64, 96)
    assert (found.by_all, found.disputed) == (64, 32)
    assert np.count_nonzero(disputed(maps, "wt")) == 32
    pairs = [region_dice(maps[a], maps[b])["wt"] for a, b in ("ab", "ac", "bc")]
    assert found.least_dice == min(pairs)
    assert found.mean_dice == pytest.approx(np.mean(pairs))
    assert agreement(maps, "et").disputed == 0


def test_two_empty_readings_agree_and_one_empty_one_does_not():
    empty = np.zeros_like(tumour())
    assert agreement({"a": empty, "b": empty}, "et").least_dice == 1
    assert agreement({"a": empty, "b": tumour()}, "et").least_dice == 0


def test_one_reading_agrees_with_nobody():
    with pytest.raises(ValueError, match="two readings"):
        agreement({"a": tumour()}, "wt")


def test_entropy_in_bits():
    found = binary_entropy(np.array([0, 0.11, 0.5, 0.89, 1], np.float32))
    np.testing.assert_allclose(found, [0, 0.5, 1, 0.5, 0], atol=2e-3)
