"""Both ways of doing many cases give the same results."""

import shutil

import pytest

from benchmarks.scale.cohort import IN_TURN, OVERLAPPED, in_turn, measure_cohort


def test_in_turn_does_what_overlapped_does():
    written = []
    in_turn(range(3), lambda n: n, lambda n, found: n + found, lambda n, w: written.append(w))
    assert written == [0, 2, 4]


def test_both_ways_are_timed_on_the_same_cases(small_case_folder, tmp_path):
    cases = [tmp_path / name for name in ("A", "B")]
    for case in cases:
        shutil.copytree(small_case_folder, case)
    found = measure_cohort(cases, "edge_unet", rounds=1)
    assert found["cases"] == 2
    [turn], [overlapped] = (found[way]["seconds"] for way in (IN_TURN, OVERLAPPED))
    assert found["ratio"] == pytest.approx(turn / overlapped)
    assert found[IN_TURN]["peak_rss_mb"] > 50
