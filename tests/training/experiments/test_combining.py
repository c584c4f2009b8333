import numpy as np
import pytest

from training.experiments.combining import (
    fit_stacker,
    log_odds,
    mean,
    mean_odds,
    stacked,
    staple,
    weighted,
)

SHAPE = (2, 3, 4, 5, 6)


@pytest.fixture
def two():
    """What two networks answer: one that is sure, one that hardly knows."""
    probabilities = np.empty(SHAPE, np.float32)
    probabilities[0], probabilities[1] = 0.9, 0.4
    return probabilities


def test_networks_count_alike_in_the_mean(two):
    np.testing.assert_allclose(mean(two), np.full(SHAPE[1:], 0.65), rtol=1e-6)


def test_who_is_sure_counts_for_more_in_the_mean_of_log_odds(two):
    odds = np.sqrt(9 * 2 / 3)
    np.testing.assert_allclose(mean_odds(two), np.full(SHAPE[1:], odds / (1 + odds)), rtol=1e-5)
    assert mean_odds(two)[0, 0, 0, 0] > mean(two)[0, 0, 0, 0]


def test_weights_are_of_each_network_in_each_region(two):
    answer = weighted(np.array([[1.0, 3.0, 0.0], [1.0, 1.0, 5.0]]))(two)
    for region, expected in enumerate((0.65, 0.775, 0.4)):
        np.testing.assert_allclose(answer[region], expected, rtol=1e-6)
    np.testing.assert_allclose(weighted(np.zeros((2, 3)))(two), mean(two), rtol=1e-6)


def test_staple_trusts_two_that_agree():
    random = np.random.default_rng(0)
    truth = np.zeros(SHAPE[1:], bool)
    truth[:, 1:3, 1:4, 1:5] = True
    masks = np.stack([truth, truth, random.random(truth.shape) > 0.5])
    answer = staple(masks.astype(np.float32))
    np.testing.assert_array_equal(answer > 0.5, truth)


def test_staple_of_what_nobody_draws_is_empty():
    assert not staple(np.full((3, *SHAPE[1:]), 0.2, np.float32)).any()


def test_the_stacker_learns_whom_to_trust_in_each_region():
    random = np.random.default_rng(0)
    samples = []
    for count in (400, 2000):
        there = random.random((3, count)) > 0.5
        known = np.where(there, 0.8, 0.2) + random.uniform(-0.15, 0.15, there.shape)
        guessed = random.uniform(0.05, 0.95, there.shape)
        right = np.stack([known, guessed])
        right[:, 2] = right[::-1, 2]  # of the last region the other one knows
        samples.append((right.astype(np.float32), there))
    coefficients = fit_stacker(samples)
    assert coefficients.shape == (3, 3)
    for region, (knows, guesses) in enumerate(((0, 1), (0, 1), (1, 0))):
        assert coefficients[region, knows] > 1
        assert abs(coefficients[region, guesses]) < 0.3 * coefficients[region, knows]


def test_stacked_odds_are_their_sum(two):
    coefficients = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, log_odds(0.7)]])
    answer = stacked(coefficients)(two)
    for region, expected in enumerate((0.9, 0.4, 0.7)):
        np.testing.assert_allclose(answer[region], expected, rtol=1e-5)


def test_odds_of_what_is_certain_are_finite():
    assert np.isfinite(log_odds(np.array([0.0, 1.0], np.float32))).all()
