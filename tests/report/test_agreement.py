from dataclasses import replace

import numpy as np
import pytest

from common.vocabulary import REGIONS
from inference.analysis.uncertainty import agreement, disputed
from report.agreement import Readings, agreement_sentences, number, place_of, size_range
from report.differences import Scale

SHAPE = (60, 60, 30)
# 8 mm³ a voxel; the head's middle is at 29.5, so indices above it are the patient's right.
SCALE = Scale(voxel_ml=0.008, middle=29.5)
MODELS = {"Alpha": ("a", "am"), "Beta": ("b", "bm"), "Gamma": ("c", "cm")}
ALL_FOUR = ("t1", "t1c", "t2", "flair")


def tumour():
    labels = np.zeros(SHAPE, np.uint8)
    labels[35:45, 20:40, 10:20] = 2  # 2000 voxels, 16 ml, on the right
    labels[38:42, 28:32, 13:17] = 3
    return labels


def readings(maps, *, present=ALL_FOUR):
    everything = {name: maps.get(name, tumour()) for names in MODELS.values() for name in names}
    found = {region: agreement(everything, region) for region in REGIONS}
    whole = np.any([labels > 0 for labels in everything.values()], axis=0)
    places = {
        region: place_of(disputed(everything, region), whole, SCALE) if whole.any() else ""
        for region in REGIONS
    }
    return Readings(found, MODELS, present, places)


def said(maps, scale=SCALE, **options):
    return " ".join(agreement_sentences(readings(maps, **options), scale))


def test_the_range_and_where_they_differ():
    larger = tumour()
    larger[35:45, 40:45, 10:20] = 2  # 500 voxels, 4 ml, in front
    text = said({"b": larger})
    assert "The six readings put the whole tumour between 16.0 and 20.0 ml." in text
    assert "differ most on how far the tumour reaches: 4.0 ml" in text
    assert "in the front part of the tumour, on the right" in text
    assert "left" not in text


def test_all_the_same_is_said_to_be_the_same():
    text = said({})
    assert "All six readings put the whole tumour at 16.0 ml." in text
    assert "They draw the same" in text
    assert "yourself" not in text


def test_a_part_that_one_model_never_draws_is_to_be_looked_at():
    without = tumour()
    without[without == 3] = 2
    maps = {"c": without, "cm": without}
    text = said(maps)
    assert "drawn by only Alpha and Beta, two of three models: look at the T1c yourself." in text
    assert "look at" not in said(maps, present=("flair",))


def test_one_reading_of_a_model_is_enough_for_it_to_have_drawn_it():
    without = tumour()
    without[without == 3] = 2
    assert "drawn by only" not in said({"c": without})


def test_little_in_common_is_told_by_its_dice():
    elsewhere = np.roll(tumour(), 3, axis=0)
    elsewhere[tumour() == 3] = 2
    elsewhere[38:42, 24:28, 13:17] = 3
    text = said({"b": elsewhere})
    assert "they agree little" in text


def test_no_tumour_and_a_tumour_that_only_some_draw():
    empty = np.zeros_like(tumour())
    nothing = {name: empty for names in MODELS.values() for name in names}
    assert said(nothing) == "None of the six readings draws a tumour."
    text = said(nothing | {"a": tumour()})
    assert "Five of the six readings draw no tumour, others up to 16.0 ml." in text
    assert "drawn by only Alpha, one of three models: look at the FLAIR yourself." in text


def test_what_nobody_draws_is_no_proof():
    oedema = np.where(tumour() > 0, 2, 0).astype(np.uint8)
    text = said({name: oedema for names in MODELS.values() for name in names})
    assert "No reading draws any tumour core; that is no proof" in text


def test_without_a_voxel_size_it_counts_pixels():
    text = said({}, scale=replace(SCALE, voxel_ml=None))
    assert "2000 pixels" in text
    assert "ml" not in text


def test_a_dispute_all_around_has_no_place():
    ring = np.zeros(SHAPE, bool)
    ring[24:35, 24:35, 10:20] = True
    assert place_of(ring, ring, SCALE) == ""


@pytest.mark.parametrize(
    ("least", "most", "text"),
    [(2000, 2500, "16.0 to 20.0 ml"), (2000, 2001, "16.0 ml"), (0, 2000, "0.0 to 16.0 ml")],
)
def test_ranges(least, most, text):
    assert size_range(least, most, SCALE) == text


def test_numbers_are_words_while_they_are_short():
    assert [number(1), number(6), number(12)] == ["one", "six", "12"]
