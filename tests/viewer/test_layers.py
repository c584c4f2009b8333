"""The layers over the image: the colour at known voxels, for what is known there."""

import numpy as np
import pytest

from tests.viewer.bench import (
    ALL_DIFFER,
    CORE,
    EXTRA,
    PROBABILITIES,
    bench_panels,
    choose,
    press,
)
from tests.viewer.compare_case import make_labels, make_scan
from tests.viewer.screen import is_grey, voxels
from viewer.parcel import read_header

# Ends and steps of the maps, from their publications' tables.
CIVIDIS = {1 / 3: "#575d6d", 2 / 3: "#a59c74", 1.0: "#fee838"}
MAGMA_MOST = "#fcfdbf"
MAGMA_MIDDLE = ((0x9E + 0xCD) / 2, (0x2F + 0x40) / 2, (0x7F + 0x71) / 2)
MISSED, EXTRA_COLOUR, CORRECT = "#D55E00", "#56B4E9", "#009E73"


def rgb(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def colour_at(page, name, voxel):
    (x, _), (y, _), _ = read_header(make_scan())["box"]
    return voxels(page, name)[voxel[0] - x, voxel[1] - y].tolist()


def test_probability_is_a_heat_map_of_the_chosen_region(bench):
    page = bench("?axial=10&layer=probability&opacity=100")
    for x, value in PROBABILITIES.items():
        assert colour_at(page, "U-Net", (x, 20, 9)) == rgb(CIVIDIS[value])
    assert is_grey(np.array(colour_at(page, "U-Net", (30, 20, 9))))
    choose(page, "ET")
    assert colour_at(page, "U-Net", (38, 20, 9)) == rgb(CIVIDIS[1.0])
    assert is_grey(np.array(colour_at(page, "U-Net", (39, 20, 9))))
    assert page.get_by_text("100 %", exact=True).first.is_visible()
    notes = page.locator(".note").all_inner_texts()
    assert notes[:3] == ["Drawn by an expert, without probability", "", "Probability on its way"]


def test_probability_at_the_cross_hair(bench):
    page = bench("?axial=10&coronal=21&sagittal=39&layer=probability&cross=1")
    assert page.locator(".note").nth(1).inner_text() == "WT 67 %"
    press(page, "r")
    assert page.locator(".note").nth(1).inner_text() == "TC < 2 %"


def test_disagreement_counts_the_models_that_differ(bench):
    page = bench("?axial=10&layer=disagreement&opacity=100")
    for name in ("Truth", "U-Net", "TransUNet"):  # the same in every panel
        assert colour_at(page, name, ALL_DIFFER) == rgb(MAGMA_MOST)
        assert colour_at(page, name, CORE) == pytest.approx(MAGMA_MIDDLE, abs=2)
        assert colour_at(page, name, EXTRA) == pytest.approx(MAGMA_MIDDLE, abs=2)
    seen, truth = voxels(page, "Truth"), make_labels()
    assert is_grey(seen[0])
    assert truth.any()
    assert page.get_by_text("2 of 3 differ").is_visible()
    choose(page, "TC")
    assert is_grey(np.array(colour_at(page, "Truth", EXTRA)))  # all agree that it is no core
    assert colour_at(page, "Truth", ALL_DIFFER) == pytest.approx(MAGMA_MIDDLE, abs=2)


def test_errors_are_missed_extra_and_correct(bench):
    page = bench("?axial=10&layer=errors&opacity=100")
    assert colour_at(page, "ResNet34 U-Net", CORE) == rgb(MISSED)
    assert colour_at(page, "ResNet34 U-Net", EXTRA) == rgb(EXTRA_COLOUR)
    assert colour_at(page, "ResNet34 U-Net", ALL_DIFFER) == rgb(CORRECT)
    assert colour_at(page, "TransUNet", ALL_DIFFER) == rgb(MISSED)
    assert is_grey(np.array(colour_at(page, "TransUNet", EXTRA)))
    choose(page, "ET")
    assert colour_at(page, "ResNet34 U-Net", ALL_DIFFER) == rgb(EXTRA_COLOUR)
    assert is_grey(np.array(colour_at(page, "ResNet34 U-Net", CORE)))
    for word in ("Missed", "Extra", "Correct"):
        assert page.get_by_text(word, exact=True).is_visible()


def test_a_layer_that_cannot_be_is_greyed_out_with_its_reason(bench):
    models = [panel for panel in bench_panels(truth=False) if panel.key == "resnet_unet"]
    page = bench("?layer=errors", panels=models)
    reasons = {
        "Errors": "There is no truth to compare with",
        "Disagreement": "Needs the answers of two models",
        "Probability": "The probabilities follow once all models are done",
    }
    for name, reason in reasons.items():
        button = page.get_by_role("button", name=name, exact=True)
        assert button.is_disabled()
        assert button.get_attribute("title") == reason
    assert (
        page.get_by_role("button", name="Labels", exact=True).get_attribute("aria-pressed")
        == "true"
    )


def test_a_truth_of_one_region_gives_no_errors_of_others(bench):
    page = bench("?layer=errors&region=et", panels=bench_panels(regions=("wt",)))
    for name in ("TC", "ET"):
        button = page.get_by_role("button", name=name, exact=True)
        assert button.is_disabled()
        assert button.get_attribute("title") == "The truth does not say"
    assert page.get_by_role("button", name="WT").get_attribute("aria-pressed") == "true"
