from functools import partial

import pytest

from training.hospital import evaluate
from training.hospital.evaluate import (
    evaluate_geometry,
    evaluate_hospital,
    format_hospital,
)
from training.hospital.made_up_scan import scan_like_a_hospital

# Read at one place, not at four, within the plane of a slice.
PIXEL_MM = 1.4


@pytest.fixture(scope="module", autouse=True)
def _scanned_and_prepared_once(coarse_working_grid):
    prepared = evaluate._prepared
    done = {}

    def once(case, seed):
        if (case.name, seed) not in done:
            done[case.name, seed] = prepared(case, seed)
        return done[case.name, seed]

    with pytest.MonkeyPatch.context() as patch:
        scan = partial(scan_like_a_hospital, pixel_mm=PIXEL_MM)
        patch.setattr(evaluate, "scan_like_a_hospital", scan)
        patch.setattr(evaluate, "_prepared", once)
        yield


def test_each_step_is_scored_and_the_geometry_alone_costs_little(data_folder, monkeypatch):
    monkeypatch.setattr(evaluate, "ALL_MODELS", ("edge_unet", "resnet_unet"))
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


def test_the_geometry_alone_asks_no_network(data_folder, monkeypatch):
    monkeypatch.setattr(evaluate, "segmentations", None)
    results = evaluate_geometry(data_folder, "test")
    steps = results["summary"]
    assert set(steps) == {"geometry", "drawn twice"}
    assert steps["geometry"]["et"]["mean"] > steps["drawn twice"]["et"]["mean"]
    assert results["command"].endswith("--geometry-alone")
