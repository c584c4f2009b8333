"""Lesion-wise scores against the steps of the challenge's own code, taken one by one."""

import numpy as np
import pytest
from scipy import ndimage

from inference.metrics.lesions import lesion_scores, region_lesion_scores
from inference.metrics.overlap import dice
from inference.metrics.surface import hd95
from tests.inference.metrics.masks import (
    ANISOTROPIC,
    EMPTY,
    ISOTROPIC,
    PAIRS,
    VOXEL,
    blobs,
    mask,
)

NEIGHBOURS_26 = np.ones((3, 3, 3))
NEIGHBOURS_18 = ndimage.generate_binary_structure(3, 2)
SHAPE = (48, 40, 24)
EMPTY_GRID = np.zeros(SHAPE, bool)
LARGE = [(4, 12), (4, 12), (4, 12)]


def grow(array):
    return ndimage.binary_dilation(array, NEIGHBOURS_18, iterations=3)


def challenge(drawn, true, spacing):
    """Lesion-wise Dice and HD95 over the whole grid, lesion after lesion."""
    parts, count = ndimage.label(drawn, NEIGHBOURS_26)
    grown, lesions = ndimage.label(grow(true), NEIGHBOURS_26)
    overlaps, distances, hits = [], [], set()
    for number in range(1, lesions + 1):
        lesion = (grown == number) & true
        found = set(np.unique(parts[grow(lesion)])) - {0}
        hits |= found
        if lesion.sum() * np.prod(spacing) > 50:
            of_it = np.isin(parts, sorted(found)) if found else np.zeros_like(drawn)
            overlaps.append(dice(of_it, lesion))
            distances.append(hd95(of_it, lesion, spacing))
    misses = count - len(hits)
    if not overlaps and not misses:
        return 1, 0
    total = len(overlaps) + misses
    return sum(overlaps) / total, (sum(distances) + 374 * misses) / total


RANDOM = {
    f"islands {seed}": (
        blobs(seed, share=0.02, width=3.0, shape=(56, 48, 32)),
        blobs(seed + 100, share=0.03, width=3.0, shape=(56, 48, 32)),
    )
    for seed in range(4)
}


@pytest.mark.parametrize("spacing", [ISOTROPIC, ANISOTROPIC])
@pytest.mark.parametrize("pair", [*PAIRS, *RANDOM])
def test_it_is_what_the_challenges_steps_give(pair, spacing):
    drawn, true = (PAIRS | RANDOM)[pair]
    found = lesion_scores(drawn, true, spacing)
    assert (found.dice, found.hd95_mm) == pytest.approx(challenge(drawn, true, spacing))


def test_the_random_cases_hold_hits_and_misses_of_both_kinds():
    scores = [lesion_scores(*pair, ISOTROPIC) for pair in RANDOM.values()]
    assert any(score.false for score in scores)
    assert any(score.found < score.scored for score in scores)
    assert any(score.found for score in scores)


def test_a_second_lesion_missed_halves_the_score():
    true = mask(LARGE, [(30, 38), (30, 38), (12, 20)], shape=SHAPE)
    scores = lesion_scores(mask(LARGE, shape=SHAPE), true, ISOTROPIC)
    assert (scores.dice, scores.hd95_mm) == (0.5, 187)
    assert (scores.scored, scores.found, scores.false) == (2, 1, 0)


def test_a_speck_where_nothing_is_counts_as_a_miss():
    drawn = mask(LARGE, [(40, 41), (30, 31), (20, 21)], shape=SHAPE)
    scores = lesion_scores(drawn, mask(LARGE, shape=SHAPE), ISOTROPIC)
    assert (scores.dice, scores.hd95_mm, scores.false) == (0.5, 187, 1)


def test_true_lesions_of_50_cubic_millimetres_are_not_scored():
    small = [(30, 35), (30, 35), (10, 12)]
    true = mask(LARGE, small, shape=SHAPE)
    for drawn in (mask(LARGE, shape=SHAPE), true):
        assert lesion_scores(drawn, true, ISOTROPIC).dice == 1
    larger = lesion_scores(mask(LARGE, shape=SHAPE), true, (1.1, 1, 1))
    assert larger.dice == 0.5  # the same voxels are 55 mm³ there


@pytest.mark.parametrize(("gap", "lesions"), [(6, 1), (7, 2)])
def test_truth_within_three_voxels_each_is_one_lesion(gap, lesions):
    true = mask(LARGE, [(12 + gap, 20 + gap), (4, 12), (4, 12)], shape=SHAPE)
    assert lesion_scores(EMPTY_GRID, true, ISOTROPIC).scored == lesions


def test_empty_masks():
    both = lesion_scores(EMPTY, EMPTY, ISOTROPIC)
    assert (both.dice, both.hd95_mm) == (1, 0)
    large = mask(LARGE)
    missed, invented = (
        lesion_scores(EMPTY, large, ISOTROPIC),
        lesion_scores(large, EMPTY, ISOTROPIC),
    )
    assert (missed.dice, missed.hd95_mm) == (invented.dice, invented.hd95_mm) == (0, 374)
    assert lesion_scores(EMPTY, VOXEL, ISOTROPIC).dice == 1  # too small to be scored


def test_every_region_has_its_own():
    truth = mask(LARGE, shape=SHAPE).astype(np.uint8) * 2
    drawn = truth.copy()
    drawn[6:9, 6:9, 6:9] = 3
    scores = region_lesion_scores(drawn, truth, ISOTROPIC)
    assert {region: score.dice for region, score in scores.items()} == {"wt": 1, "tc": 0, "et": 0}
