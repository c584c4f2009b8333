"""docs/growth.md says what ``python -m benchmarks growth`` and ``nodes`` measured."""

import pytest

from benchmarks.scale.growth_text import (
    BUSY,
    CASES_A_NIGHT,
    CORES,
    NIGHT_BUSY,
    NIGHT_H,
    VISIT_MINUTES,
    VISITORS_AN_HOUR,
    format_growth,
    format_plan,
    plan,
)
from tests.conftest import ROOT
from tests.docs.pages import results_of, text_of, words_of


def test_the_tables_are_those_of_the_command():
    results = results_of("growth")
    assert format_growth(results) in text_of("docs/growth")
    cores = "one core" if results["cores"] == 1 else f"{results['cores']} cores"
    name = results["machine"].split(" of ")[-1]
    assert f"On {cores} of {name}" in words_of("docs/growth")
    assert f"a load of {results['load']:.0f}" in words_of("docs/growth")


def test_the_plan_is_that_of_the_figures():
    results = results_of("growth")
    section = words_of("docs/growth", "A plan")
    assert format_plan(results) in text_of("docs/growth")
    assert f"{VISITORS_AN_HOUR:,} visitors an hour" in section
    assert f"{CASES_A_NIGHT:,} cases a night" in section
    assert f"{BUSY:.0%} busy" in section.replace(" %", "%")
    assert f"{NIGHT_H} hours, {NIGHT_BUSY:.0%} busy" in section.replace(" %", "%")
    assert f"open for {VISIT_MINUTES} minutes" in section
    assert f"machines of {CORES} cores" in section
    found = plan(results)
    assert f"{found['open_at_once']:.0f} cases are open at once" in section
    assert f"{found['visitor_mb']:.0f} MB each" in section
    assert f"{found['night_read_tb']:.1f} TB" in section


def test_what_another_node_gains_is_that_of_the_command():
    results = results_of("nodes")
    one, two = results["counts"]
    section = words_of("docs/growth", "More nodes")
    assert f"{results['visitors']} visitors" in section
    rates = f"{one['cases_per_minute']:.1f} cases a minute with one node and "
    assert f"{rates}{two['cases_per_minute']:.1f} with two" in section
    assert f"{results['ratio']:.2f} times as many" in section


def test_memory_in_a_row_of_cases_is_flat():
    row = results_of("growth")["row"]
    assert row["cases"] == 50
    assert row["growth"] == pytest.approx(0, abs=0.05)


def test_the_picture_is_small():
    assert (ROOT / "assets" / "pictures" / "growth.webp").stat().st_size < 60_000
