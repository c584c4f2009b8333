"""An error that nobody expected tells the log where it happened, nothing of what was brought."""

import io
import logging

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from workspace.error_places import keep_words_from_log, places_of
from workspace.session import reload

MARK = "Doe_Jane_t1.nii.gz"


@pytest.fixture
def log(monkeypatch):
    """What loggers write, Streamlit's own among them."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    former = logging.getLogRecordFactory()
    loggers = [logging.getLogger(name) for name in ("streamlit.error_util", "gliolens.tests")]
    for each in loggers:
        each.addHandler(handler)
    yield written
    for each in loggers:
        each.removeHandler(handler)
    logging.setLogRecordFactory(former)


def fail():
    try:
        raise OSError(5, "Input/output error", MARK)
    except OSError as error:
        raise ValueError(f"{MARK} is odd") from error


def test_an_error_on_a_page_is_logged_without_its_words(log, monkeypatch):
    monkeypatch.setattr(reload, "say_what_was_let_go", fail)
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120).run()
    [shown] = app.exception
    assert MARK not in shown.value + shown.message + "".join(shown.stack_trace)
    said = log.getvalue()
    assert "Uncaught app execution" in said
    assert MARK not in said
    assert "ValueError" in said
    assert "test_error_places.py" in said


def test_whoever_logs_an_error_keeps_its_words_to_themselves(log):
    keep_words_from_log()
    keep_words_from_log()
    try:
        fail()
    except ValueError:
        logging.getLogger("gliolens.tests").exception("It has failed.")
    said = log.getvalue()
    assert MARK not in said
    assert said.index("OSError") < said.index("which led to") < said.index("ValueError")
    assert "in fail" in said


def test_what_is_no_error_is_logged_as_ever(log):
    keep_words_from_log()
    logging.getLogger("gliolens.tests").error("%s of %s", 1, 2)
    assert log.getvalue() == "1 of 2\n"


def test_errors_that_led_to_each_other_end():
    one, other = ValueError("a"), ValueError("b")
    one.__context__, other.__context__ = other, one
    assert places_of(one).count("ValueError") == 2
