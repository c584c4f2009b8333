"""No case gets the name, and so the folder, of another."""

from dataclasses import replace

import pytest

from inference.cli.cohort.identity import Identity
from inference.cli.cohort.naming import names_of

HERE = Identity("P1", "/a/P1", "files", "P1")
ELSEWHERE = Identity("P1", "/b/P1", "others", "P1")
KNOWN = {"P1": {"where": "/a/P1", "what": "files"}}


@pytest.mark.parametrize(
    ("cases", "records", "names"),
    [
        ([HERE, ELSEWHERE], {}, ["P1", "P1_2"]),
        ([ELSEWHERE], KNOWN, ["P1_2"]),
        ([ELSEWHERE, HERE], KNOWN, ["P1_2", "P1"]),
        ([replace(HERE, what="changed")], KNOWN, ["P1"]),
        ([replace(HERE, where="/moved/P1")], KNOWN, ["P1"]),
        ([HERE, replace(HERE, twin_of=0)], KNOWN, ["P1", "P1_2"]),
        ([replace(HERE, what=""), ELSEWHERE], {}, ["P1", "P1_2"]),
    ],
)
def test_a_case_keeps_its_name_and_others_do_not_get_it(cases, records, names):
    assert names_of(cases, records) == names


def test_studies_are_numbered_and_keep_their_numbers():
    one, two, three = (Identity("exam", f"/{n}", f"{n}", f"{n}") for n in (1, 2, 3))
    assert names_of([one, two], {}) == ["exam-1", "exam-2"]
    records = {"exam-1": {"where": "/1", "what": "1"}, "exam-2": {"where": "/2", "what": "2"}}
    assert names_of([three, two, one], records) == ["exam-3", "exam-2", "exam-1"]
