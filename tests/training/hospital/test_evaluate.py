from functools import partial

import pytest

from training.hospital import evaluate
from training.hospital.evaluate import (
    evaluate_geometry,
    evaluate_hospital,
    format_hospital,
)
from training.hospital.made_up_scan import scan_like_a_hospital


def test_each_step_is_scored_and_the_geometry_alone_costs_little(
    data_folder, coarse_working_grid, monkeypatch
):
    monkeypatch.setattr(evaluate, "scan_like_a_hospital", partial(scan_like_a_hospital, pixel_mm=2))
    results = evaluate_hospital(data_folder, "test")
    steps = results["summary"]
    own = {"on t1", "on t1c", "on t2", "on flair"}
    assert set(steps) == own | {
        *("original", "original on t1c", "geometry", "drawn twice"),
        *("on t1c less original", "on t1c less original on t1c"),
    }
    less = steps["on t1c"]["wt"]["mean"] - steps["original"]["wt"]["mean"]
    assert steps["on t1c less original"]["wt"]["mean"] == pytest.approx(less)
    [patient] = results["patients"].values()
    assert set(patient["error_mm"]) == {"t1", "t2", "flair"}
    assert steps["geometry"]["wt"]["mean"] > 0.8
    assert "on flair" in format_hospital(results)
    assert results["command"].endswith("hospital --data DIR --split test")


def test_the_geometry_alone_asks_no_network(data_folder, coarse_working_grid, monkeypatch):
    monkeypatch.setattr(evaluate, "scan_like_a_hospital", partial(scan_like_a_hospital, pixel_mm=2))
    monkeypatch.setattr(evaluate, "segmentations", None)
    results = evaluate_geometry(data_folder, "test")
    steps = results["summary"]
    assert set(steps) == {"geometry", "drawn twice"}
    assert steps["geometry"]["et"]["mean"] > steps["drawn twice"]["et"]["mean"]
    assert results["command"].endswith("--geometry-alone")
