import sys

from streamlit.testing.v1 import AppTest


def test_a_run_of_a_page_leaves_the_search_path_alone():
    app = AppTest.from_string("import sys, streamlit; streamlit.text(repr(sys.path))").run()
    assert app.text[0].value == repr(sys.path)
