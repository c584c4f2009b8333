"""Every test that the threat model names is there."""

import re

from tests.docs.pages import text_of
from tests.support.repository import ROOT

ROW = re.compile(r"^\| (?!Who|---)(.+)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_each_threat_has_a_test_that_there_is():
    rows = ROW.findall(text_of("docs/threat-model"))
    assert len(rows) >= 20
    for row in rows:
        named = TEST.findall(row)
        assert named, row
        for file, function in named:
            assert f"def {function}(" in (ROOT / file).read_text(), f"{file}::{function}"
