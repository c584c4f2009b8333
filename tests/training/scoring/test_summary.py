import pytest

from common.vocabulary import REGIONS
from training.scoring.summary import bootstrap_interval, describe, summarise

MEASURES = ("dice", "hd95_mm", "lesion_dice", "lesion_hd95_mm", "volume_error_ml")


def patient(value, grade="HGG", rate=0.1):
    measures = {measure: dict.fromkeys(REGIONS, value) for measure in MEASURES}
    return {"grade": grade, **measures, "false_positive_rate": rate}


def test_numbers_are_per_patient_and_grades_are_told_apart():
    summary = summarise({"a": patient(0.9), "b": patient(0.8), "c": patient(0.4, "LGG")})
    for measure in MEASURES:
        assert summary["all"][measure]["wt"]["mean"] == pytest.approx(0.7)
        assert summary["all"][measure]["wt"]["median"] == pytest.approx(0.8)
    assert summary["HGG"]["patients"] == 2
    assert summary["HGG"]["dice"]["et"]["mean"] == pytest.approx(0.85)
    assert summary["LGG"]["dice"]["tc"] == {"mean": 0.4, "median": 0.4, "interval": None}


def test_volume_errors_do_not_cancel_out():
    summary = summarise({"a": patient(-6.0), "b": patient(4.0)})
    assert summary["all"]["volume_error_ml"]["wt"]["mean"] == 5


def test_a_patient_without_tumour_free_slices_is_left_out_of_the_rate():
    some = summarise({"a": patient(1, rate=None), "b": patient(1, rate=0.2)})
    assert some["all"]["false_positive_rate"]["mean"] == pytest.approx(0.2)
    none = summarise({"a": patient(1, rate=None)})
    assert none["all"]["false_positive_rate"]["mean"] is None


def test_interval_holds_the_mean_and_narrows_with_patients():
    few = bootstrap_interval([0.7, 0.8, 0.9])
    many = bootstrap_interval([0.7, 0.8, 0.9] * 20)
    for low, high in (few, many):
        assert low < 0.8 < high
    assert many[1] - many[0] < (few[1] - few[0]) / 3
    assert bootstrap_interval([0.5]) is None  # one patient says nothing of the next


def test_interval_covers_95_of_100_as_theory_has_it():
    values = [float(each) for each in range(100)]
    low, high = bootstrap_interval(values)
    half = 1.96 * describe(values)["mean"] / 49.5 * 28.866 / 10
    assert (low, high) == pytest.approx((49.5 - half, 49.5 + half), abs=0.4)
