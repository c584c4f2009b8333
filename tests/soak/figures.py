"""What ``make soak`` measured of many visitors, and the table of it in docs/visitors.md.

The table again, from ``assets/results/visitors.json``::

    .venv/bin/python -m tests.soak.figures
"""

import json
from typing import Any

from tests.support.repository import ROOT
from training.results import machine, markdown_table

RESULTS = ROOT / "assets" / "results" / "visitors.json"
PAGE = ROOT / "docs" / "visitors.md"
HEADER = ["What visitors do", "What was seen"]
# By the name of a figure, what it is of, and how it is said.
ROWS: dict[str, tuple[str, str]] = {
    "ten": (
        "{browsers} browsers at once, each with a case of its own, while {onlookers} visitors look"
        " at {pages} pages each",
        "every label map exported ({label_maps}) is byte for byte the command line's; {markers}"
        " names, session ids and pieces of images, searched in {megabytes:.0f} MB of traffic: none"
        " reached another visitor; the last was told {place}; {seconds:.0f} s from the first file"
        " to the last export",
    ),
    "onlookers": (
        "those who look, meanwhile",
        "a page after {median:.1f} s in the median, {max:.1f} s at most; none failed",
    ),
    "closed": (
        "a page is closed while its case of 240×240×155 is being answered",
        "its place in the queue is free after {place_s:.0f} s, and {freed_mb:.0f} MB of the"
        " server's memory after {memory_s:.0f} s",
    ),
    "slow": (
        "files come at {kilobytes:.0f} kB a second, while another visitor opens a case",
        "the other's answers are there after {other_s:.0f} s, while {share:.0%} of the files have"
        " come; those of the first are right too",
    ),
    "reloads": (
        "a page is loaded anew {times} times with a case open",
        "the case is open, and the server has {visitors} visitor",
    ),
    "tabs": ("the same case in two tabs", "both show it; {runs} models were run, once each"),
    "lost": (
        "the line is cut for {seconds:.0f} s with a case open",
        "the case is open, and goes on to another page",
    ),
    "small_host_disk": (
        "{visitors} visitors with a case of 240×240×155 of their own ({case_mb:.0f} MB each in"
        " files), {at_once} at a time, on a server with {limit_mb:.0f} MB of memory; all stay",
        "every label map is the command line's; {peak_mb:.0f} MB were taken at most, beside what"
        " can be read from files again; every case stays open",
    ),
    "small_host_memory": (
        "the same where temporary files lie in memory, as in a container with `--tmpfs /tmp`",
        "every label map is the command line's; {peak_mb:.0f} MB were taken at most, those files"
        " among them; {made_room} cases had made room at the end, {refused} visitors had to wait"
        " until there was some; one that had made room was opened again by one press",
    ),
    "row": (
        "{cases} cases in a row through one server",
        "{first_half_mb:.0f} MB of memory of its own in the median of the first half,"
        " {second_half_mb:.0f} MB of the second ({growth:+.1%}); {resident_growth:+.1%} with what"
        " lies in memory of files, which the system drops and reads again as it likes; the first"
        " {warm} cases are left out",
    ),
}


# The test that sees to each.
TESTS = {
    "ten": "test_ten_with_browsers_get_their_own_answers_while_fifty_look",
    "onlookers": "test_ten_with_browsers_get_their_own_answers_while_fifty_look",
    "closed": "test_the_place_and_memory_of_a_closed_page_are_free_within_seconds",
    "slow": "test_who_sends_slowly_keeps_nobody_waiting",
    "reloads": "test_twenty_reloads_keep_the_case_and_leave_one_visitor",
    "tabs": "test_the_same_case_in_two_tabs_is_answered_once",
    "lost": "test_a_line_cut_for_a_minute_loses_nothing",
    "small_host_disk": "test_more_than_fit_are_all_answered_and_the_host_stays",
    "small_host_memory": "test_more_than_fit_are_all_answered_and_the_host_stays",
    "row": "test_two_hundred_cases_in_a_row_take_no_more_memory",
}


def keep(name: str, **figures: Any) -> None:
    """Note what was seen, in place of what was noted under that name before."""
    found = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if found.setdefault("machine", machine()) != machine():
        figures["machine"] = machine()  # the others are of another
    found[name] = {key: _rounded(value) for key, value in figures.items()}
    RESULTS.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def format_visitors(results: dict[str, Any]) -> str:
    """The table, a row for each figure that is there."""
    rows = [
        [what.format(**results[name]), seen.format(**results[name]) + _elsewhere(results[name])]
        for name, (what, seen) in ROWS.items()
        if name in results
    ]
    return markdown_table(HEADER, rows)


def not_seen(results: dict[str, Any]) -> list[str]:
    """What there is no figure of, in the words of the tests' names."""
    return [TESTS[name] for name in ROWS if name not in results]


def _elsewhere(figures: dict[str, Any]) -> str:
    """On which machine, where it was another than that of the page."""
    return f" (on {figures['machine']})" if "machine" in figures else ""


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    print(format_visitors(json.loads(RESULTS.read_text(encoding="utf-8"))))
