import json

from tests.support.made_up_results import learners
from workspace.benchmark.judged import gains, judged_recipes, trained_and_scored


def test_only_what_was_held_against_another_is_judged(tmp_path):
    base = {key: value for key, value in learners().items() if key != "difference"}
    for name, results in (("b", learners("thick")), ("a", learners()), ("base", base)):
        (tmp_path / f"{name}.json").write_text(json.dumps(results))
    assert [each["scored"] for each in judged_recipes(tmp_path)] == ["as they are", "thick"]
    assert judged_recipes(tmp_path / "none") == []


def test_a_single_patient_has_no_interval():
    assert gains(learners(), "all")["ET"] == "+0.020 [+0.010, +0.030]"
    assert gains(learners(), "LGG")["ET"] == "-0.040"


def test_how_it_was_trained_and_who_was_scored_is_told():
    told = trained_and_scored([learners()])
    assert told.startswith("500 steps of 16 slices, once for each of 5 folds, and 3 patients")


def test_recipes_of_more_than_one_length_are_told_together():
    judged = [learners() | {"steps": steps} for steps in (1500, 500, 500)]
    assert trained_and_scored(judged).startswith("500 or 1500 steps of 16 slices")
