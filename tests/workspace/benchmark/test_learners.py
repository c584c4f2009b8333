import json

from tests.support.made_up_results import learners
from workspace.benchmark.learners import (
    judged_learners,
    learners_rows,
    learners_sentence,
    ways_of_scoring,
)


def test_only_what_was_held_against_another_is_judged(tmp_path):
    base = {key: value for key, value in learners().items() if key != "difference"}
    for name, results in (("b", learners("thick")), ("a", learners()), ("base", base)):
        (tmp_path / f"{name}.json").write_text(json.dumps(results))
    assert [each["scored"] for each in judged_learners(folder=tmp_path)] == ["as they are", "thick"]
    assert judged_learners(folder=tmp_path / "none") == []


def test_a_row_says_what_was_learned_from_and_the_gain():
    [row] = learners_rows([learners(), learners("thick")], "all", "as they are")
    assert row["Learned from besides"] == "Others"
    assert row["TC"] == "+0.020 [+0.010, +0.030]"


def test_a_single_patient_has_no_interval():
    assert learners_rows([learners()], "LGG", "as they are")[0]["ET"] == "-0.040"


def test_the_sentence_says_how_it_was_measured():
    told = learners_sentence([learners()])
    assert "500 steps of 16 slices" in told
    assert "5 folds" in told
    assert told.endswith("Measured in float32 on a machine.")


def test_scans_as_they_are_come_first():
    judged = [learners("30 %"), learners(), learners("thick"), learners("30 %")]
    assert ways_of_scoring(judged) == ["as they are", "30 %", "thick"]
