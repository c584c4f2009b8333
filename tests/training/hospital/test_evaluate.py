from functools import partial

from training.hospital import evaluate
from training.hospital.evaluate import evaluate_hospital, format_hospital
from training.hospital.made_up_scan import scan_like_a_hospital


def test_each_step_is_scored_and_the_geometry_alone_costs_little(
    data_folder, coarse_working_grid, monkeypatch
):
    monkeypatch.setattr(evaluate, "scan_like_a_hospital", partial(scan_like_a_hospital, pixel_mm=2))
    results = evaluate_hospital(data_folder, "test")
    steps = results["summary"]
    assert set(steps) == {"original", "geometry", "on t1", "on t1c", "on t2", "on flair"}
    [patient] = results["patients"].values()
    assert set(patient["error_mm"]) == {"t1", "t2", "flair"}
    assert steps["geometry"]["wt"]["mean"] > 0.8
    assert "on flair" in format_hospital(results)
    assert results["command"].endswith("hospital --data DIR --split test")
