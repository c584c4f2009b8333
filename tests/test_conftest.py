import re
import sys
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import _WAITED_IN_VAIN, ROOT, pytest_itemcollected
from tests.support.slow_tests import slow_tests


def test_a_run_of_a_page_leaves_the_search_path_alone():
    app = AppTest.from_string("import sys, streamlit; streamlit.text(repr(sys.path))").run()
    assert app.text[0].value == repr(sys.path)


@pytest.mark.parametrize(
    ("place", "fixtures", "names"),
    [
        ("viewer/test_heat.py", ["page", "browser"], ["browser", "flaky"]),
        ("pages/test_open.py", ["page"], []),
        ("training/run/test_train.py", [], ["training"]),
        ("training/test_config.py", [], []),
    ],
)
def test_what_make_check_leaves_out_is_marked(place, fixtures, names):
    marks = []
    path = ROOT / "tests" / place
    item = {"fixturenames": fixtures, "path": path, "nodeid": f"tests/{place}::test_it"}
    pytest_itemcollected(SimpleNamespace(**item, add_marker=marks.append))
    assert [mark.name for mark in marks] == names


def test_what_took_long_when_measured_is_slow():
    marks, name = [], sorted(slow_tests())[0]
    item = {"fixturenames": [], "path": ROOT / name.split("::")[0], "nodeid": f"{name}[of-1]"}
    pytest_itemcollected(SimpleNamespace(**item, add_marker=marks.append))
    assert "slow" in [mark.name for mark in marks]


def test_only_what_was_waited_for_in_vain_is_tried_again():
    tried_again = [
        "playwright._impl._errors.TimeoutError: Locator.click: Timeout 240000ms exceeded.",
        "AssertionError: Locator expected to be visible",
    ]
    for error in tried_again:
        assert any(re.search(pattern, error) for pattern in _WAITED_IN_VAIN), error
    for error in ("AssertionError: assert 3 == 0", "TimeoutError: no Streamlit server at x"):
        assert not any(re.search(pattern, error) for pattern in _WAITED_IN_VAIN), error


MAIN = sys.modules["__main__"]


@pytest.mark.parametrize("runs", [1, 2])
def test_a_page_of_the_test_before_is_not_the_main_module(runs):
    assert sys.modules["__main__"] is MAIN
    AppTest.from_string("import streamlit; streamlit.text('x')").run()
    assert sys.modules["__main__"] is not MAIN
