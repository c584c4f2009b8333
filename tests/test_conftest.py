import sys
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT, pytest_itemcollected


def test_a_run_of_a_page_leaves_the_search_path_alone():
    app = AppTest.from_string("import sys, streamlit; streamlit.text(repr(sys.path))").run()
    assert app.text[0].value == repr(sys.path)


@pytest.mark.parametrize(
    ("place", "fixtures", "names"),
    [
        ("viewer/test_heat.py", ["page", "browser"], ["browser"]),
        ("pages/test_open.py", ["page"], []),
        ("training/run/test_train.py", [], ["training"]),
        ("training/test_config.py", [], []),
    ],
)
def test_what_make_check_leaves_out_is_marked(place, fixtures, names):
    marks = []
    path = ROOT / "tests" / place
    pytest_itemcollected(SimpleNamespace(fixturenames=fixtures, path=path, add_marker=marks.append))
    assert [mark.name for mark in marks] == names


MAIN = sys.modules["__main__"]


@pytest.mark.parametrize("runs", [1, 2])
def test_a_page_of_the_test_before_is_not_the_main_module(runs):
    assert sys.modules["__main__"] is MAIN
    AppTest.from_string("import streamlit; streamlit.text('x')").run()
    assert sys.modules["__main__"] is not MAIN
