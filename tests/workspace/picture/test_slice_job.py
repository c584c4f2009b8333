from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import prepare
from workspace.picture.slice_job import read_alone
from workspace.picture.slice_scores import Overlap, areas


class BrightIsTumour(nn.Module):
    """Draws what is bright in FLAIR, beside the mean of its slice, and brighter for the core."""

    def __init__(self):
        super().__init__()
        self.limits = nn.Parameter(torch.tensor([1.0, 1.5, 2.0]))

    def forward(self, slices):
        return 4 * (slices[:, 3:] - self.limits[:, None, None])


@pytest.fixture(scope="module")
def model():
    return ready_for_inference(BrightIsTumour())


@pytest.fixture(scope="module")
def alone(opened, model):
    told = []
    found = read_alone(opened, model, "unet", told.append)
    assert told == sorted(told)
    assert told[-1] <= 1
    return found


def test_a_slice_of_a_stack_is_read_as_if_it_were_the_only_one(case, opened, model, alone):
    index = int(np.argmax(areas(case.truth, "wt")))
    only = slice(index, index + 1)
    lone = replace(case, volume=case.volume[..., only], truth=None)
    expected = segment(lone, model, name="unet", prepared=prepare(lone))
    drawn, wanted = alone.labels[..., index] > 0, expected.labels[..., 0] > 0
    assert wanted.sum() > 50
    assert Overlap.of(drawn, wanted).dice > 0.95
    across, up, _ = expected.box
    inside = np.zeros(case.shape[:2], np.float32)
    inside[opened.prepared.box[:2]] = alone.probabilities[0, ..., index - alone.box[2].start]
    assert np.abs(inside[across, up] - expected.probabilities[0, ..., 0]).mean() < 0.02


def test_a_stack_read_as_one_scan_is_another_answer(opened, model, alone):
    together = segment(opened.case, model, name="unet", prepared=opened.prepared)
    assert not np.array_equal(together.probabilities, alone.probabilities)
    assert together.probabilities.shape == alone.probabilities.shape
