import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from benchmarks.__main__ import main
from benchmarks.plain import plain_labels, share_alike
from common.planes import PLANES
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.metrics import region_dice
from inference.network.engine import segment
from model_zoo.weights.loading import load_network
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def whole():
    with open_cases([ROOT / "assets" / "sample" / "synthetic_glioma"]) as (files,):
        return read_case(files)


@pytest.fixture(scope="module")
def case(whole):
    """The sample's slices with most tumour: all of them take the plain way most of a minute."""
    some = (..., slice(78, 110))
    return replace(whole, volume=whole.volume[some], truth=whole.truth[some])


@pytest.mark.slow
def test_the_plain_way_draws_the_same(case):
    """The crop moves the network's grid against the image: edges move by a voxel, no more."""
    model = load_network("edge_unet")[0]
    plain, ours = plain_labels(case, model), segment(case, model, name="edge_unet").labels
    assert plain.shape == case.shape
    assert share_alike(plain, ours)["wt"] > 0.95
    scores = (region_dice(labels, case.truth)["wt"] for labels in (plain, ours))
    assert next(scores) == pytest.approx(next(scores), abs=0.005)


class Bright(nn.Module):
    """Sees each pixel alone, and so the same in every plane."""

    planes = tuple(PLANES)

    def __init__(self):
        super().__init__()
        self.limits = nn.Parameter(torch.tensor([1.0, 1.5, 2.0]).view(1, 3, 1, 1))

    def forward(self, slices):
        self.shown = (*getattr(self, "shown", ()), slices.shape)
        return 9 * (slices[:, [3, 1, 1]] - self.limits)


@pytest.mark.parametrize(("high", "planes"), [(66, 3), (32, 1)], ids=["a block", "a slab"])
def test_the_plain_way_reads_every_slice_of_every_plane_that_fits(whole, high, planes):
    model = Bright().eval()
    some = (..., slice(140, 210), slice(70, 138), slice(64, 64 + high))
    case = replace(whole, volume=whole.volume[some], truth=whole.truth[some])
    everywhere = plain_labels(case, model)
    assert len(model.shown) == (sum(case.shape) if planes == 3 else high)
    model.planes = ("axial",)
    np.testing.assert_array_equal(plain_labels(case, model), everywhere)
    assert everywhere.any()


def test_alike_is_dice_between_both():
    first = np.zeros((4, 4, 1), np.uint8)
    second = first.copy()
    first[:2], second[1:3] = 2, 2
    assert share_alike(first, second) == {"wt": 0.5, "tc": 1.0, "et": 1.0}


@pytest.mark.slow
@pytest.mark.usefixtures("short_rates")
def test_the_command_writes_what_the_design_says(small_case_folder, tmp_path, capsys):
    file = tmp_path / "speed.json"
    words = ["speed", "--case", str(small_case_folder), "--model", "edge_unet", "--repeats", "1"]
    assert main([*words, "--json", str(file)]) == 0
    told = json.loads(file.read_text())
    found = told["models"]["edge_unet"]
    assert told["machine"]
    assert set(found["seconds"]) == {"read", "preprocess", "predict", "postprocess", "total"}
    parts = sum(found["seconds"][part]["median"] for part in found["seconds"]) / 2
    assert found["seconds"]["total"]["median"] == pytest.approx(parts)
    total = found["seconds"]["total"]["median"]
    assert found["ratio_to_plain"] == pytest.approx(found["plain_seconds"] / total)
    assert 0 < found["floor_seconds"] <= found["seconds"]["total"]["min"]
    assert found["first_predict_seconds"] > 0
    assert 50 < found["peak_rss_mb"] < 5000
    assert "times as fast" in capsys.readouterr().out


def test_a_case_that_is_not_there_is_one_line(tmp_path, capsys):
    assert main(["speed", "--case", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
