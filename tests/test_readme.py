"""The README says what the commands of the repository print."""

import json
import re

import numpy as np
import pytest

from tests.conftest import ROOT
from training.scoring.evaluate import format_details, format_pixels, format_results
from training.scoring.summary import bootstrap_interval

README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("split", ["test", "val"])
def test_its_tables_are_those_of_the_results(split):
    results = json.loads((ROOT / "assets" / "results" / f"{split}.json").read_text())
    assert results["split"] == split
    assert format_results(results) in README


def test_its_other_measures_are_those_of_the_test_patients():
    results = json.loads((ROOT / "assets" / "results" / "test.json").read_text())
    assert format_details(results) in README


@pytest.mark.parametrize("split", ["test", "val"])
def test_the_results_are_those_of_the_weights(split):
    results = json.loads((ROOT / "assets" / "results" / f"{split}.json").read_text())
    for name in ("unet", "resnet_unet", "transunet"):
        config = json.loads((ROOT / "assets" / "weights" / name / "config.json").read_text())
        assert results["models"][name]["weights"] == config["sha256"]


def test_how_narrow_the_interval_of_few_patients_is_told_as_simulated():
    """How often the interval of normal scores holds their true mean."""
    told = re.search(
        r"(\d+) times in 100 with 6 patients, (\d+) with 4 and (\d+) with 3",
        " ".join(README.split()),
    )
    random = np.random.default_rng(1)
    for patients, percent in zip((6, 4, 3), told.groups(), strict=True):
        intervals = [bootstrap_interval(random.normal(size=patients)) for _ in range(400)]
        held = np.mean([low <= 0 <= high for low, high in intervals])
        assert 100 * held == pytest.approx(int(percent), abs=4)


def test_what_the_other_planes_give_is_told_as_it_was_scored():
    told = " ".join(
        README[README.index("### Three planes") : README.index("### How regions are drawn")].split()
    )
    axial, planes = (
        json.loads((ROOT / "assets" / "results" / f"{name}.json").read_text())
        for name in ("drawing", "planes")
    )
    assert axial["steps"] == planes["steps"]
    assert axial["patients"].keys() == planes["patients"].keys()
    for group, counted in (("HGG", "25 of high grade"), ("LGG", "7 of low grade")):
        before, after = (_drawn(results, group) for results in (axial, planes))
        assert f"{counted} {before} from axial slices and {after} from all planes" in told


def _drawn(results, group):
    [row] = [row for row in results["rows"] if (row["name"], row["group"]) == ("drawn", group)]
    return _three(row["dice"])


@pytest.mark.parametrize("name", ["edge_unet", "flair_unet", "vgg16_unet"])
def test_the_later_models_are_told_as_they_were_scored(name):
    for split in ("test", "val"):
        file = ROOT / "assets" / "results" / f"{name}_{split}.json"
        results = json.loads(file.read_text())
        config = json.loads((ROOT / "assets" / "weights" / name / "config.json").read_text())
        assert results["models"][name]["weights"] == config["sha256"]
        if split == "test":
            assert format_results(results) in README
            assert format_pixels(results) in README


def test_cross_validation_is_told_as_it_was_scored():
    results = json.loads((ROOT / "assets" / "results" / "cross_validation.json").read_text())
    assert format_results(results) in README


def test_what_helped_is_told_as_it_was_scored():
    rows = json.loads((ROOT / "assets" / "results" / "ablation.json").read_text())["rows"]
    core = {(row["name"], row["drawing"], row["group"]): row["dice"]["tc"] for row in rows}
    half = "at one half"
    told = README[
        README.index("`ablate` trains") : README.index("Neighbouring slices gave nothing")
    ]
    found = [
        core["recipe", half, "all"],
        core["recipe", "drawn", "all"],
        core["recipe", half, "LGG"],
        core["recipe", "drawn", "LGG"],
        core["recipe", "drawn", "all"],
        core["small_window", "drawn", "all"],
        core["strong", "drawn", "LGG"],
        core["no_enhancement", "drawn", "LGG"],
    ]
    assert re.findall(r"\.\d{3}", told) == [f"{dice:.3f}".lstrip("0") for dice in found]


def test_ways_of_drawing_are_told_as_they_were_scored():
    results = json.loads((ROOT / "assets" / "results" / "drawing.json").read_text())
    rows = {(row["name"], row["group"]): row for row in results["rows"]}
    told = README[
        README.index("### How regions are drawn") : README.index("### Three later models")
    ]
    for group, counted in (("LGG", "7 of low grade"), ("HGG", "25 of high grade")):
        plain, drawn = (_three(rows[name, group]["dice"]) for name in ("no_specks", "drawn"))
        assert str(rows["drawn", group]["patients"]) == counted.split()[0]
        assert f"{counted} {plain} at one half and {drawn} as drawn" in " ".join(told.split())
    drawn, smaller = (_three(rows[name, "all"]["lesion_dice"]) for name in ("drawn", "speck_0.03"))
    assert f"all 32 have {drawn} as drawn, and {smaller} where specks are pieces below 3 %" in (
        " ".join(told.split())
    )
    case = results["patients"]["BraTS2021_01485"]["dice"]
    plain, drawn = (f"{case[name]['tc']:.2f}".lstrip("0") for name in ("no_specks", "drawn"))
    assert f"its core's Dice falls from {plain} to {drawn}" in " ".join(told.split())


def _three(dice):
    return "/".join(f"{dice[region]:.3f}".lstrip("0") for region in ("wt", "tc", "et"))


def test_what_int8_costs_is_told_as_it_was_scored():
    for split, words in (("test", "on the test patients"), ("val", "on those of validation")):
        float_, int8 = (
            json.loads((ROOT / "assets" / "results" / f"{name}.json").read_text())["models"]
            for name in (f"float_{split}", split)
        )
        moved = [
            int8[name]["summary"]["all"]["dice"][region]["mean"]
            - float_[name]["summary"]["all"]["dice"][region]["mean"]
            for name in int8
            for region in ("wt", "tc", "et")
        ]
        low, high = (f"{each:+.3f}".replace("0.", ".").replace("-", "−") for each in _ends(moved))
        assert f"by {low} to {high} {words}" in " ".join(README.split())


def _ends(values):
    return min(values), max(values)


def test_speed_is_told_as_it_was_measured():
    models = json.loads((ROOT / "assets" / "results" / "speed.json").read_text())["models"]
    for name, title in (
        ("unet", "U-Net"),
        ("resnet_unet", "ResNet34 U-Net"),
        ("transunet", "TransUNet"),
    ):
        found = models[name]
        seconds = found["seconds"]["total"]["median"]
        told = f"{title} {seconds:.1f} s against {found['plain_seconds']:.1f} s"
        ratio = f"({found['ratio_to_plain']:.1f} times"
        assert f"{told} {ratio}" in " ".join(README.split())


def test_what_a_visitor_waits_for_is_told_as_it_was_measured():
    measured = json.loads((ROOT / "assets" / "results" / "app.json").read_text())
    start, first, every = (found["median"] for found in measured["seconds"].values())
    warm, peak = (found["median"] for found in measured["rss_mb"].values())
    told = " ".join(README[README.index("What a visitor waits for") :].split())
    machine = measured["machine"].replace("AMD", "an AMD")
    assert f"Medians of {measured['repeats']} on {machine}:" in told
    assert f"{start:.1f} s from the command to a page that can be used" in told
    assert f"{first:.1f} s from a click on the sample to the first overlay" in told
    assert f"{every:.1f} s to those of all three models" in told
    assert f"{warm:.0f} MB with the models loaded and at most {peak:.0f} MB" in told


def test_every_dependency_has_its_reason():
    names = [
        line.split("==")[0]
        for file in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / file).read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    table = README[README.index("## Dependencies") :]
    assert [name for name in names if name not in table] == []


def test_its_pictures_are_there():
    for line in README.splitlines():
        if line.startswith("!["):
            assert (ROOT / line.split("(")[1].rstrip(")")).is_file()
