import numpy as np
import pytest

from training.experiments.inflation import inflation, slice_scores
from training.scoring.protocols import honest
from training.scoring.slice_counts import SliceCounts


def patient(seed, hit, *, empty=4):
    """Ten slices of which the first hold nothing; a share of the tumour is drawn."""
    random = np.random.default_rng(seed)
    true = random.random((3, 10, 9, 9)) < 0.4
    true[:, :empty] = False
    return SliceCounts.of(true & (random.random(true.shape) < hit), true)


def test_alike_sides_differ_by_nothing():
    side = [patient(seed, 0.6) for seed in range(4)]
    for score in inflation((side, side), paired=True).values():
        assert score["wt"] == {"difference": 0, "interval": [0, 0]}


def test_the_difference_is_that_of_the_scores():
    leaking, clean = ([patient(seed, hit) for seed in range(4)] for hit in (0.9, 0.5))
    found = inflation((leaking, clean), paired=True)
    high, low = slice_scores(leaking), slice_scores(clean)
    for key, score in found.items():
        assert score["tc"]["difference"] == pytest.approx(high[key]["tc"] - low[key]["tc"])
        below, above = score["tc"]["interval"]
        assert 0 < below < score["tc"]["difference"] < above


def test_patients_who_differ_widen_only_an_interval_that_is_not_paired():
    hits = (0.2, 0.5, 0.9, 0.99)
    side = [patient(seed, hit) for seed, hit in enumerate(hits)]
    better = [patient(seed, min(hit + 0.05, 1)) for seed, hit in enumerate(hits)]
    widths = [
        np.ptp(inflation((better, side), paired=paired)["pooled"]["wt"]["interval"])
        for paired in (True, False)
    ]
    assert widths[0] < widths[1] / 3


def test_against_the_honest_score():
    leaking, clean = ([patient(seed, hit) for seed in range(3)] for hit in (0.8, 0.6))
    found = inflation((leaking, clean), base=honest)["per_slice"]["et"]["difference"]
    assert found == pytest.approx(slice_scores(leaking)["per_slice"]["et"] - honest(clean)[2])


def test_empty_slices_lift_the_mean_over_slices_alone():
    patients = [patient(seed, 0.6) for seed in range(3)]
    empty = SliceCounts.of(*np.zeros((2, 3, 20, 9, 9), bool))
    plain = slice_scores(patients)
    lifted = slice_scores([SliceCounts.join([each, empty]) for each in patients])
    assert lifted["per_slice"]["wt"] > plain["per_slice"]["wt"] + 0.05
    for key in ("tumour_mean", "pooled", "pooled_tumour"):
        assert lifted[key] == plain[key]


def test_without_tumour_there_is_still_a_number():
    assert slice_scores([patient(0, 0.5, empty=10)])["tumour_mean"]["wt"] == 1
