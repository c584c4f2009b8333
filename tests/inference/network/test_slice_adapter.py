from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from common.vocabulary import MODALITIES, REGIONS
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import predict, segment
from inference.network.preprocess import prepare
from inference.network.slice_adapter import SliceAdapter, slice_adapter_of
from inference.network.working_scale import AS_LEARNED, Sampling
from model_zoo.factory import create_model
from model_zoo.registry import contract, registry
from model_zoo.weights.loading import load_model


def blob(height: int, width: int) -> np.ndarray:
    """(1, 4, H, W) slices whose channels are all one smooth blob, each a multiple of the first."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    bump = np.exp(-((y - height * 0.4) ** 2 + (x - width * 0.6) ** 2) / (2 * 9**2))
    return (bump * np.arange(1, 5, dtype=np.float32)[:, None, None])[None]


@pytest.mark.parametrize("name", list(registry()))
def test_a_network_reads_as_its_contract_says(name):
    reading, says = slice_adapter_of(create_model(name)), contract(name)
    assert (reading.modalities, reading.regions) == (says.modalities, says.regions)
    assert (reading.neighbours, reading.size) == (says.neighbours, says.size)


def test_one_that_says_nothing_reads_everything():
    assert slice_adapter_of(nn.Identity()) == SliceAdapter(MODALITIES, (0,), REGIONS, "any")


def test_channels_come_in_the_order_of_the_contract():
    slices = blob(20, 20)
    seen = SliceAdapter(modalities=("t1", "flair", "t1c")).channels(slices)
    assert np.array_equal(seen, slices[:, [0, 3, 1]])


@pytest.mark.parametrize("shape", [(40, 30), (30, 40), (97, 55), (33, 33), (128, 200)])
def test_what_is_fitted_comes_back_where_it_was(shape):
    reading = SliceAdapter(size=(64, 64))
    slices = blob(*shape)
    fitted = reading.fitted(slices)
    assert fitted.shape == (1, 4, 64, 64)
    back = reading.answers(fitted[:, :3], shape)
    assert back.shape == (1, 3, *shape)
    # Twice resampled, a smooth blob keeps its place and nearly its height.
    assert np.abs(back - slices[:, :3]).max() < 0.1 * float(slices[:, :3].max())


def test_fitting_keeps_proportions():
    """A disc stays a disc, in a slice that is twice as high as wide."""
    y, x = np.mgrid[:80, :40]
    disc = ((y - 40) ** 2 + (x - 20) ** 2 < 15**2).astype(np.float32)
    seen = SliceAdapter(size=(96, 96)).fitted(disc[None, None])[0, 0] > 0.5
    high, wide = (int(seen.any(axis=axis).sum()) for axis in (1, 0))
    assert abs(high - wide) <= 1
    assert high == pytest.approx(30 * 96 / 80, abs=2)


def test_regions_that_are_not_answered_are_zero():
    found = SliceAdapter(regions=("wt",)).answers(np.ones((2, 1, 5, 6), np.float32), (5, 6))
    assert found.shape == (2, 3, 5, 6)
    assert found[:, 0].all()
    assert not found[:, 1:].any()


class Bright(nn.Module):
    """Whole tumour where FLAIR is bright, at one size."""

    modalities, regions, size = ("flair",), ("wt",), (48, 48)

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, slices: torch.Tensor) -> torch.Tensor:
        assert slices.shape[1:] == (1, 48, 48)
        return 40 * (slices - 2 * self.weight)


def test_the_engine_shows_and_takes_back():
    """FLAIR is four times the blob: above 2 is where the blob is above a half."""
    slices = blob(60, 44)
    found = predict(Bright().eval(), slices)
    assert found.shape == (1, 3, 60, 44)
    drawn, expected = found[0, 0] > 0.5, slices[0, 0] > 0.5
    wrong = np.count_nonzero(drawn != expected)
    assert wrong <= 0.1 * np.count_nonzero(expected)
    assert not found[:, 1:].any()


class BrightEdge(nn.Module):
    """Reads any size and notes it; whole tumour where FLAIR is bright."""

    modalities, regions, size = ("flair",), ("wt",), "any"

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.seen: list[tuple[int, ...]] = []

    def forward(self, slices: torch.Tensor) -> torch.Tensor:
        self.seen.append(tuple(slices.shape[2:]))
        return 40 * (slices - 2 * self.weight)


@pytest.mark.parametrize("working", [(120, 88), (30, 44), (60, 22)])
def test_slices_are_brought_to_the_working_size_and_back(working):
    model, slices = BrightEdge().eval(), blob(60, 44)
    found = predict(model, slices, sampling=Sampling(working))
    assert model.seen == [working]
    assert found.shape == (1, 3, 60, 44)
    drawn, expected = found[0, 0] > 0.5, slices[0, 0] > 0.5
    assert np.count_nonzero(drawn != expected) <= 0.12 * np.count_nonzero(expected)


def test_a_network_of_one_size_needs_no_working_size():
    found = predict(Bright().eval(), blob(60, 44), sampling=Sampling((120, 88)))
    assert np.array_equal(found, predict(Bright().eval(), blob(60, 44)))


def test_a_real_network_sees_a_coarse_scan_as_it_learned_to(small_case_folder):
    """Voxels of nearly 4 mm: a head of 60 pixels is none that a network has seen."""
    with open_cases([small_case_folder]) as (files,):
        case = read_case(files)
    model, prepared = load_model("unet")[0], prepare(case)
    at_1_mm, as_it_is = (
        segment(case, model, name="unet", prepared=each).dice(case)["wt"]
        for each in (prepared, replace(prepared, sampling=AS_LEARNED))
    )
    assert at_1_mm > as_it_is + 0.2


class Neighbours(nn.Module):
    """Reads FLAIR of three slices, 2 mm apart as it learned; answers how they differ."""

    modalities, neighbours, regions, size = ("flair",), (-2, 0, 2), ("wt",), "any"

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.seen: list[list[float]] = []

    def forward(self, slices: torch.Tensor) -> torch.Tensor:
        self.seen += slices.amax(dim=(2, 3)).float().tolist()
        return slices[:, 1:2] * self.weight


@pytest.mark.parametrize(
    ("slice_mm", "offset"), [(1.0, 2), (0.5, 4), (2.0, 1), (1.2, 2), (3.0, 1), (5.0, 0), (None, 0)]
)
def test_neighbours_lie_where_the_network_learned_that_they_do(slice_mm, offset):
    count = 12
    slices = np.zeros((count, 4, 8, 8), np.float32)
    slices[:, 3, 2:6, 2:6] = np.arange(1, count + 1)[:, None, None]
    model = Neighbours().eval()
    predict(model, slices, sampling=Sampling(slice_mm=slice_mm))
    below, here, above = model.seen[5]
    assert here == 6
    assert (here - below, above - here) == (offset, offset)


def test_slices_whose_distance_is_not_known_are_each_read_alone(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        case = read_case(files)
    assert prepare(case).sampling.slice_mm == case.spacing[2]
    assert prepare(replace(case, voxel_size_known=False)).sampling.slice_mm is None


@pytest.mark.parametrize(
    ("place", "window"),
    [
        ((0, 3), (0, 32)),
        ((40, 50), (29, 61)),
        ((95, 100), (68, 100)),
        ((10, 90), (2, 98)),
        ((0, 100), (0, 100)),
        ((5, 6), (0, 32)),
    ],
)
def test_the_window_covers_all_tissue_and_has_few_sizes(place, window):
    images = np.zeros((2, 4, 100, 20), np.float32)
    images[0, 1, place[0]], images[1, 3, place[1] - 1] = -1.0, 2.0
    rows, columns = SliceAdapter().window(images)
    assert (rows.start, rows.stop) == window
    assert columns == slice(0, 20)


def test_without_tissue_the_window_is_everything():
    images = np.zeros((1, 4, 40, 50), np.float32)
    assert SliceAdapter().window(images) == (slice(0, 40), slice(0, 50))


def test_a_network_of_one_size_is_shown_all_of_it():
    images = np.zeros((1, 1, 96, 96), np.float32)
    images[0, 0, 40, 40] = 1.0
    assert SliceAdapter(size=(96, 96)).window(images) == (slice(0, 96), slice(0, 96))
