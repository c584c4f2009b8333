"""docs/visitors.md says what ``make soak`` saw of many visitors, and what it has not seen yet."""

from tests.docs.pages import results_of, text_of, words_of
from tests.soak.figures import ROWS, format_visitors, not_seen


def test_the_table_is_that_of_the_command():
    results = results_of("visitors")
    assert set(results) - {"machine"} <= set(ROWS)
    assert format_visitors(results) in text_of("docs/visitors")
    assert results["machine"] in words_of("docs/visitors")


def test_what_was_not_seen_is_said():
    for what in not_seen(results_of("visitors")):
        assert what in words_of("docs/visitors", "Not seen yet")


def test_it_is_of_as_many_as_are_asked_for():
    results = results_of("visitors")
    assert results["reloads"]["times"] == 20
    assert results["lost"]["seconds"] == 60
    if "ten" in results:
        assert (results["ten"]["browsers"], results["ten"]["onlookers"]) == (10, 50)
    if "row" in results:
        assert results["row"]["cases"] == 200
        assert results["row"]["growth"] < 0.05
