"""When a press that no run has shown its button of is forgotten, and when it is not."""

from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner.script_runner import ScriptRunnerEvent

from workspace.streamlit_patches import unseen_presses
from workspace.streamlit_patches.presses import presses_of

BUTTON = "$$ID-a-button-None"
ENDED = ScriptRunnerEvent.SCRIPT_STOPPED_WITH_SUCCESS


class Visit:
    """Of somebody who pressed a button in a part of a page."""

    def __init__(self):
        self._pages_manager = SimpleNamespace()
        self.runner = SimpleNamespace()
        presses = presses_of(self._pages_manager)
        presses.unseen[BUTTON] = presses.waiting["another"] = WidgetState(id=BUTTON)

    @property
    def is_remembered(self):
        return BUTTON in presses_of(self._pages_manager).unseen

    def run_ends(self, *parts, event=ENDED):
        known = {BUTTON: SimpleNamespace(fragment_id="its part")}
        widgets = SimpleNamespace(widget_metadata=known)
        run = SimpleNamespace(
            pages_manager=self._pages_manager,
            fragment_ids_this_run=list(parts) or None,
            session_state=SimpleNamespace(_state=SimpleNamespace(_new_widget_state=widgets)),
        )
        unseen_presses._finish(lambda *_: None, self.runner, run, event, False)


@pytest.fixture
def visit():
    return Visit()


@pytest.mark.parametrize("parts", [(), ("its part",), ("another", "its part")])
def test_a_run_that_would_have_drawn_the_button(visit, parts):
    visit.run_ends(*parts)
    assert not visit.is_remembered


def test_a_run_of_another_part(visit):
    visit.run_ends("another")
    assert visit.is_remembered


def test_a_run_that_asks_for_the_next(visit):
    visit.run_ends(event=ScriptRunnerEvent.SCRIPT_STOPPED_FOR_RERUN)
    assert visit.is_remembered


def test_a_run_that_was_stopped(visit):
    unseen_presses._stop(lambda _: None, visit.runner)
    visit.run_ends()
    assert visit.is_remembered


def test_who_has_the_page_stopped(visit):
    stopped = []
    unseen_presses._let_go(stopped.append, visit)
    presses = presses_of(visit._pages_manager)
    assert (presses.unseen, presses.waiting, stopped) == ({}, {}, [visit])
