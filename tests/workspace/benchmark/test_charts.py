import pandas as pd
import pytest

from common.colours import PANEL_COLOURS
from common.vocabulary import REGIONS
from model_zoo.registry import registry
from tests.support import made_up_results
from workspace.benchmark.charts import (
    curve_figure,
    leak_figure,
    learning_figure,
    marks_sentence,
    strip_figure,
)
from workspace.benchmark.measures import MEASURES


@pytest.fixture
def strip():
    return strip_figure(made_up_results.results(), MEASURES["dice"], "tc")


def test_every_patient_of_every_model_is_there(strip):
    patients = [trace for trace in strip.data if len(trace.y) > 1]
    assert [list(trace.y) for trace in patients] == [[0.8, 0.6, 0.1]] * 2
    assert [trace.marker.color for trace in patients] == [
        PANEL_COLOURS["unet"],
        PANEL_COLOURS["consensus"],
    ]


def test_a_grade_has_a_shape(strip):
    assert list(strip.data[0].marker.symbol) == ["circle", "circle", "diamond"]


def test_the_shapes_that_are_there_are_explained():
    told = marks_sentence(made_up_results.results())
    assert told.startswith("● a high-grade patient, ◆ a low-grade one; ")
    told = marks_sentence(made_up_results.lower_grade_results())
    assert told.startswith("■ a patient whose grade is not known; ")


def test_one_region_of_a_later_model_can_be_drawn():
    figure = strip_figure(made_up_results.lower_grade_results(), MEASURES["dice"], "wt")
    assert list(figure.data[0].y) == [0.9, 0.7, 0.2]
    assert set(figure.data[0].marker.symbol) == {"square"}
    assert figure.layout.xaxis.ticktext == ("VGG16<br>U-Net",)


def test_every_model_has_a_colour_of_its_own():
    assert set(registry()) <= set(PANEL_COLOURS)
    assert len(set(PANEL_COLOURS.values())) == len(PANEL_COLOURS)


def test_hovering_names_the_patient(strip):
    assert "Brats_C" in strip.data[0].text[2]
    assert "Low grade" in strip.data[0].text[2]
    assert "0.10" in strip.data[0].text[2]


def test_the_mean_has_its_interval(strip):
    mean = strip.data[1]
    assert list(mean.y) == [0.5]
    assert mean.error_y.array[0] == pytest.approx(0.1)
    assert mean.error_y.arrayminus[0] == pytest.approx(0.1)


def test_a_patient_stands_at_the_same_place_in_every_strip(strip):
    first, second = strip.data[0].x, strip.data[2].x
    assert [b - a for a, b in zip(first, second, strict=True)] == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("measure", MEASURES.values(), ids=lambda each: each.key)
@pytest.mark.parametrize("region", REGIONS)
def test_every_measure_can_be_drawn(measure, region):
    figure = strip_figure(made_up_results.results(), measure, region)
    assert measure.title in figure.layout.yaxis.title.text
    for trace in figure.data:  # nothing lies outside what is shown
        low, high = figure.layout.yaxis.range or (-1e9, 1e9)
        assert all(low <= value <= high for value in trace.y)


def test_curves_have_the_colours_of_their_models():
    curve = pd.DataFrame({"WT": [0.1, 0.8]}, index=[500, 1000])
    figure = curve_figure({"unet": curve, "transunet": curve}, "wt")
    assert [line.line.color for line in figure.data] == [
        PANEL_COLOURS["unet"],
        PANEL_COLOURS["transunet"],
    ]
    assert list(figure.data[0].x) == [500, 1000]


def test_the_leak_has_a_mark_a_region_with_its_interval():
    figure = leak_figure(made_up_results.leak(), ["pooled_tumour"])
    assert len(figure.data) == 3
    assert list(figure.data[0].y) == [0.1]
    assert figure.data[0].error_y.array[0] == pytest.approx(0.04)


def test_names_of_ways_to_score_are_narrow_enough_for_four_on_a_phone():
    leak = made_up_results.leak()
    leak["own_test"]["pooled_tumour"]["title"] = "Mean over tumour slices"
    (name,) = leak_figure(leak, ["pooled_tumour"]).data[0].x
    assert name == "Mean over<br>tumour<br>slices"


def test_one_models_learning_has_its_colour_and_a_dash_a_region():
    curve = pd.DataFrame({"WT": [0.1, 0.8], "TC": [0.1, 0.7], "ET": [0.0, 0.6]}, index=[500, 1000])
    lines = learning_figure(curve, "unet").data
    assert {line.line.color for line in lines} == {PANEL_COLOURS["unet"]}
    assert len({line.line.dash for line in lines}) == 3
    assert [list(line.y) for line in lines] == [[0.1, 0.8], [0.1, 0.7], [0.0, 0.6]]
