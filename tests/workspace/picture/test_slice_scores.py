from dataclasses import replace

import numpy as np

from inference.network.preprocess import prepare
from workspace.picture.slice_scores import (
    Overlap,
    areas,
    best_and_worst,
    head_pixels,
    scored_slices,
)


def test_overlap_of_masks_and_of_nothing():
    drawn, true = np.array([1, 1, 1, 0, 0], bool), np.array([0, 1, 1, 1, 0], bool)
    assert Overlap.of(drawn, true) == Overlap(dice=2 / 3, iou=0.5, missed=1, extra=1)
    nothing = np.zeros(5, bool)
    assert Overlap.of(nothing, nothing) == Overlap(1.0, 1.0, 0, 0)
    assert Overlap.of(nothing, true) == Overlap(0.0, 0.0, 3, 0)


def test_empty_slices_are_neither_best_nor_worst():
    drawn, true = np.zeros((2, 4, 4, 5), bool)
    drawn[:2, :, 1] = true[:2, :, 1] = True
    drawn[:2, :, 2], true[:3, :, 2] = True, True
    true[0, 0, 4] = True
    scores = scored_slices(drawn, true)
    assert list(scores) == [1, 2, 4]
    assert best_and_worst(scores, 3) == ([1, 2], [4])
    assert best_and_worst({}, 3) == ([], [])


def test_pixels_are_counted_in_every_slice(case, opened):
    head = head_pixels(opened.prepared, case.shape[2])
    tissue = (case.volume != 0).any(axis=(0,)).sum(axis=(0, 1))
    # A voxel may have the very mean of its modality, which is 0 once it is normalised.
    np.testing.assert_allclose(head, tissue, atol=2)
    assert areas(case.truth, "wt").sum() == (case.truth > 0).sum()


def test_noise_around_a_head_is_none_of_it(case):
    noise = np.random.default_rng(0).uniform(0.1, 5, case.volume.shape).astype(np.float32)
    noisy = replace(case, volume=np.where(case.volume, case.volume + 100, noise))
    clean, loud = (head_pixels(prepare(each), case.shape[2]) for each in (case, noisy))
    large = clean > 100
    assert large.any()
    assert np.abs(loud[large] / clean[large] - 1).max() < 0.1
