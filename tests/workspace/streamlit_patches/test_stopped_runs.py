"""A press that reaches the server as the run before it is ending, on Streamlit's own objects."""

import inspect
import threading
from types import SimpleNamespace

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.runtime.state import session_state as module
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState, WStates

from workspace.streamlit_patches.stopped_runs import keep_presses

WIDGET = "$$ID-a-checkbox-None"
CONTEXT = {"fragment_ids_this_run": None, "page_script_hash": "", "script_requests": None}


class Run:
    """A run of a visitor's page."""

    def __init__(self, visit):
        self._requests = ScriptRequests()
        self.state = SafeSessionState(visit, self.yields)

    def yields(self):
        pass

    def begin(self, *, checked):
        states = WidgetStates()
        widget = states.widgets.add()
        widget.id, widget.bool_value = WIDGET, checked
        self.state.on_script_will_rerun(states)

    def end(self):
        self.state.on_script_finished(frozenset({WIDGET}))


@pytest.fixture
def slow_end(monkeypatch):
    """Of a run that ends: that it has begun to, and what it waits for in the middle of it."""
    begun, going_on, whole = threading.Event(), threading.Event(), WStates.remove_stale_widgets

    def remove(states, *given):
        copy = WStates(dict(states.states), states.widget_metadata)
        begun.set()
        going_on.wait(timeout=1)
        whole(copy, *given)
        states.states = copy.states

    context = SimpleNamespace(**CONTEXT)
    monkeypatch.setattr(module, "get_script_run_ctx", lambda: context)
    monkeypatch.setattr(WStates, "remove_stale_widgets", remove)
    return begun, going_on


@pytest.fixture
def kept(monkeypatch):
    for name in ("on_script_finished", "on_script_will_rerun"):
        # As Streamlit has it: a test that ran the app in this process has had it changed before.
        monkeypatch.setattr(SafeSessionState, name, inspect.unwrap(vars(SafeSessionState)[name]))
    inspect.unwrap(keep_presses)()


def visit_of(*, checked):
    visit = SessionState()
    run = Run(visit)
    visit._set_widget_metadata(
        WidgetMetadata(
            id=WIDGET,
            deserializer=lambda value: value,
            serializer=lambda value: value,
            value_type="bool_value",
        )
    )
    run.begin(checked=checked)
    return visit, run


def test_a_press_while_a_run_ends_is_kept(kept, slow_end):
    begun, going_on = slow_end
    visit, first = visit_of(checked=False)
    ending = threading.Thread(target=first.end, daemon=True)
    ending.start()
    assert begun.wait(timeout=10)
    first._requests.request_stop()
    second = Run(visit)
    pressing = threading.Thread(target=second.begin, kwargs={"checked": True}, daemon=True)
    pressing.start()
    pressing.join(timeout=0.2)  # it waits for the other, or did not
    going_on.set()
    ending.join(timeout=10)
    pressing.join(timeout=10)
    assert visit._new_widget_state[WIDGET] is True


def test_a_run_that_was_stopped_puts_nothing_away(kept, monkeypatch):
    context = SimpleNamespace(**CONTEXT)
    monkeypatch.setattr(module, "get_script_run_ctx", lambda: context)
    visit, first = visit_of(checked=False)
    first._requests.request_stop()
    second = Run(visit)
    second.begin(checked=True)
    first.state.on_script_finished(frozenset())
    assert visit._new_widget_state[WIDGET] is True


def test_a_run_that_was_not_puts_away_what_it_did_not_draw(kept, monkeypatch):
    context = SimpleNamespace(**CONTEXT)
    monkeypatch.setattr(module, "get_script_run_ctx", lambda: context)
    visit, only = visit_of(checked=True)
    only.state.on_script_finished(frozenset())
    assert WIDGET not in visit._new_widget_state.states
