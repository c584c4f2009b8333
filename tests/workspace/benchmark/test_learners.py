from tests.support.made_up_results import learners
from workspace.benchmark.learners import learners_rows, learners_sentence, ways_of_scoring


def test_a_row_says_what_was_learned_from_and_the_gain():
    [row] = learners_rows([learners(), learners("thick")], "all", "as they are")
    assert row["Learned from besides"] == "Others"
    assert row["TC"] == "+0.020 [+0.010, +0.030]"


def test_the_sentence_says_how_it_was_measured():
    told = learners_sentence([learners()])
    assert "trained for 500 steps of 16 slices" in told
    assert told.endswith("Measured in float32 on a machine.")


def test_scans_as_they_are_come_first():
    judged = [learners("30 %"), learners(), learners("thick"), learners("30 %")]
    assert ways_of_scoring(judged) == ["as they are", "30 %", "thick"]
