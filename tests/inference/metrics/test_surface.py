"""HD95 against that of surface-distance, of MONAI, and against what can be counted by hand."""

import math
import time

import numpy as np
import pytest
import torch
from surface_distance import compute_robust_hausdorff, compute_surface_distances

from common.labels import region_mask
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.metrics.surface import EMPTY_DISTANCE_MM, hd95, region_hd95
from tests.inference.metrics.masks import (
    ANISOTROPIC,
    EMPTY,
    ISOTROPIC,
    PAIRS,
    VOXEL,
    blobs,
    mask,
)

TRIES = 3
SPACINGS = [ISOTROPIC, ANISOTROPIC]


def weighted_percentile(distances, weights):
    order = np.lexsort((weights, distances))
    share = np.cumsum(weights[order]) / weights.sum()
    return distances[order][min(np.searchsorted(share, 0.95), len(order) - 1)]


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("pair", PAIRS)
def test_it_is_that_of_surface_distance(pair, spacing):
    drawn, true = PAIRS[pair]
    expected = compute_robust_hausdorff(compute_surface_distances(true, drawn, spacing), 95)
    assert hd95(drawn, true, spacing) == pytest.approx(expected, abs=1e-6)


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("pair", PAIRS)
def test_it_is_that_of_monais_surface_elements(pair, spacing, monai_metrics):
    drawn, true = (torch.from_numpy(each) for each in PAIRS[pair])
    edges, distances, areas = monai_metrics.utils.get_edge_surface_distance(
        drawn, true, spacing=spacing, use_subvoxels=True, symmetric=True
    )
    expected = max(
        weighted_percentile(mm.numpy().astype(float), area[edge].numpy().astype(float))
        for edge, mm, area in zip(edges, distances, areas, strict=True)
    )
    assert hd95(*PAIRS[pair], spacing) == pytest.approx(expected, abs=1e-3)  # float32 areas


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("pair", ["blobs", "nearly alike", "alike", "one voxel each", "a plane"])
def test_monais_metric_on_border_voxels_is_within_a_voxel(pair, spacing, monai_metrics):
    batch = (torch.from_numpy(each)[None, None].float() for each in PAIRS[pair])
    distance = monai_metrics.compute_hausdorff_distance
    expected = distance(*batch, percentile=95, spacing=spacing)
    assert hd95(*PAIRS[pair], spacing) == pytest.approx(
        float(expected), abs=float(np.linalg.norm(spacing))
    )


@pytest.mark.parametrize("spacing", SPACINGS)
def test_a_box_moved_along_its_short_axis(spacing):
    drawn = mask([(5, 15), (5, 15), (4, 8)])
    true = mask([(5, 15), (5, 15), (6, 10)])
    assert hd95(drawn, true, spacing) == pytest.approx(2 * spacing[2])


def test_the_larger_direction_is_taken():
    small, large = mask([(4, 8), (4, 8), (4, 8)]), mask([(4, 20), (4, 8), (4, 8)])
    assert hd95(small, large, ISOTROPIC) == hd95(large, small, ISOTROPIC) > 5


def test_both_empty_is_0_and_one_empty_is_374():
    assert hd95(EMPTY, EMPTY, ISOTROPIC) == 0
    assert hd95(EMPTY, VOXEL, ISOTROPIC) == hd95(VOXEL, EMPTY, ISOTROPIC) == 374
    assert math.ceil(np.linalg.norm((240, 240, 155))) == EMPTY_DISTANCE_MM


def test_millimetres_come_from_the_voxel_size():
    drawn, true = PAIRS["one voxel each"]
    assert hd95(drawn, true, (1, 1, 1)) == 9
    assert hd95(drawn, true, (0.5, 1, 1)) == 4.5


def test_every_region_has_its_own():
    truth = np.zeros((20, 20, 20), np.uint8)
    truth[4:16, 4:16, 4:16] = 2
    truth[6:10, 6:10, 6:10] = 1
    drawn = truth.copy()
    drawn[6:10, 6:10, 6:10] = 3
    distances = region_hd95(drawn, truth, ISOTROPIC)
    assert distances == {"wt": 0, "tc": 0, "et": 374}


def test_a_whole_scan_takes_less_than_a_second():
    shape = (240, 240, 155)
    grid = np.indices(shape, np.float32) - np.array([100, 120, 80], np.float32)[:, None, None, None]
    distance = np.sqrt((grid**2).sum(axis=0))
    truth = (distance < 40).astype(np.uint8) * 2
    truth[distance < 30] = 1
    truth[distance < 20] = 3
    drawn = np.roll(truth, 3, axis=0)
    drawn[5:8, 200:203, 150] = 2
    taken = []
    while len(taken) < TRIES and min(taken, default=1) >= 1:  # a shared machine may be busy
        start = time.process_time()
        distances = region_hd95(drawn, truth, ISOTROPIC)
        taken.append(time.process_time() - start)
    assert min(taken) < 1
    assert all(1 < mm <= 3 for mm in distances.values())


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
def test_on_a_real_patient_it_is_that_of_surface_distance(real_data):
    with open_cases([real_data / "Brats18_TCIA01_378_1"]) as (files,):
        case = read_case(files)
    drawn = np.roll(case.truth, (3, -2), axis=(0, 1))
    masks = (region_mask(each, "et") for each in (case.truth, drawn))
    expected = compute_robust_hausdorff(compute_surface_distances(*masks, case.spacing), 95)
    assert region_hd95(drawn, case.truth, case.spacing)["et"] == pytest.approx(expected, abs=1e-6)


def test_smooth_shapes_differ_by_what_they_are_grown():
    inner, outer = blobs(8, share=0.1, width=4), blobs(8, share=0.2, width=4)
    assert 0 < hd95(inner, outer, ISOTROPIC) < 6
