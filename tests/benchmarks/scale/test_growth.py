"""How time and memory grow is measured, put in words and drawn."""

import json

import pytest
from PIL import Image

from benchmarks.scale import growth
from benchmarks.scale.growth import Sizes, flatness, measure_growth, of_visitors, straight_line
from benchmarks.scale.growth_plot import write_plot
from benchmarks.scale.growth_text import format_growth, format_plan, plan


def made_up():
    visitors = [
        {
            "visitors": count,
            "seconds": 6.0 * count,
            "cases_per_minute": 10.0,
            "wait_s": {"median": 3.0 * count, "max": 6.0 * count},
            "answer_s": {"median": 4.0 * count, "max": 6.5 * count},
            "peak_rss_mb": 600.0 + 100 * count,
            "bytes": {
                "files": 10_000_000,
                "scan": 4_000_000,
                "answers": 2_000_000,
                "to_network": 60_000_000,
                "from_network": 30_000_000,
            },
        }
        for count in (1, 2, 16)
    ]
    slices = {"counts": [10, 20], "seconds": [0.3, 0.5], "peak_rss_mb": [300.0, 320.0]}
    return {
        "names": ["unet", "resnet_unet"],
        "slices": slices | straight_line(slices["counts"], slices["seconds"]),
        "models": [{"models": n, "seconds": 2.0 * n, "peak_rss_mb": 400.0} for n in (1, 2)],
        "visitors": visitors,
        "row": {"cases": 4, "peak_rss_mb": [500.0] * 4} | flatness([500.0] * 4),
    }


def test_a_line_is_found_and_how_far_times_are_off_it():
    found = straight_line([10, 20, 30], [1.5, 2.5, 3.5])
    assert found["seconds_each"] == pytest.approx(0.1)
    assert found["seconds_fixed"] == pytest.approx(0.5)
    assert found["off"] == pytest.approx(0, abs=1e-9)
    assert straight_line([10, 20, 30], [1.5, 2.5, 9.0])["off"] > 0.1


def test_memory_that_grows_is_told_from_memory_that_is_high_at_first():
    assert flatness([900, 400, 400, 400, 400] + [500.0] * 10)["growth"] == 0
    assert flatness([500.0 + 10 * case for case in range(20)])["growth"] > 0.05


def test_a_plan_is_arithmetic_on_what_was_measured():
    found = plan(made_up())
    # 1,000 an hour of 6 s each are 1.67 at a time; of places that are busy 70 % it takes 3.
    assert found["seconds"] == pytest.approx(6)
    assert found["places"] == 3
    assert found["open_at_once"] == pytest.approx(167, abs=1)
    assert found["visitor_mb"] == pytest.approx(100)
    # 100,000 of 6 s in ten hours, 90 % busy.
    assert found["night_places"] == 19
    assert found["place_mb"] == 400
    assert found["night_read_mb_s"] == pytest.approx(27.8, abs=0.1)
    assert found["network_mb_s"] == pytest.approx(1000 / 3600 * 120, abs=0.1)


def test_it_is_put_in_words():
    text = format_growth(made_up())
    assert "| 20 | 0.50 | 320 |" in text
    assert "20.0 ms a slice and 0.10 s beside" in text
    assert "| 16 | 10.0 | 48.0 (96.0) | 64.0 (104.0) | 2200 |" in text
    assert "500 MB, of the second 500 MB (+0.0 %)" in text
    assert "| places of two cores | 3 | 19 |" in format_plan(made_up())


def test_it_is_drawn(tmp_path):
    write_plot(made_up(), tmp_path / "growth.webp")
    with Image.open(tmp_path / "growth.webp") as picture:
        assert picture.size == (760, 480)
        assert len(picture.convert("L").getcolors()) > 10
    assert (tmp_path / "growth.webp").stat().st_size < 60_000


def test_visitors_wait_for_each_other(small_case_folder):
    found = of_visitors(small_case_folder, ["edge_unet"], 3)
    assert found["visitors"] == 3
    assert 0 <= found["wait_s"]["median"] <= found["wait_s"]["max"] < found["answer_s"]["max"]
    assert found["cases_per_minute"] == pytest.approx(180 / found["seconds"])
    assert all(size > 1000 for size in found["bytes"].values())


def test_all_parts_are_measured(small_case_folder, monkeypatch):
    # Here, and not in a process each, which would import everything anew.
    monkeypatch.setattr(growth, "_alone", lambda work, *given: work(*given))
    sizes = Sizes(slices=(2, 4), visitors=(1,), row=2, repeats=1)
    kept = []
    found = measure_growth(
        small_case_folder,
        ("edge_unet",),
        sizes,
        keep=lambda results: kept.append(json.dumps(results)),
    )
    assert json.loads(kept[-1]) == json.loads(json.dumps(found))
    assert "slices" in json.loads(kept[1])
    assert "row" not in json.loads(kept[1])
    assert found["slices"]["counts"] == [2, 4]
    assert len(found["row"]["peak_rss_mb"]) == 2
    assert all(peak > 50 for peak in found["row"]["peak_rss_mb"])
    assert format_growth(found)
