"""A press that no run of the page has begun with is there for the next run that begins.

A call of the browser brings what was pressed, once. A button in a part of a page has that part
drawn again, which waits until the page has been drawn; a button outside it has the page drawn anew
at once, and stops the run before it. Streamlit 1.67 (``AppSession.request_rerun``) throws away what
a run that is stopped had not begun with: the press that was waiting, and one whose run had not
started yet, as on a busy server. Both are lost without a word.

Here a press is taken out of its call as it arrives and laid aside, where the next run that begins,
whichever it is, finds it and calls what it calls.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.session_state import SessionState

from workspace.streamlit_patches.once import once
from workspace.streamlit_patches.presses import Presses, pressed_in, presses_of, was_pressed


@once
def keep_waiting_presses() -> None:
    """Have presses kept so from now on; once for all visitors."""
    SessionState.on_script_will_rerun = _beginning_with_all(SessionState.on_script_will_rerun)
    AppSession.request_rerun = _laying_aside(AppSession.request_rerun)


def _laying_aside(take: Callable[..., None]) -> Callable[..., None]:
    @wraps(take)
    def request_rerun(session: AppSession, call: ClientState | None) -> None:
        take(session, call and _without_presses(session, call))

    return request_rerun


def _without_presses(session: AppSession, call: ClientState) -> ClientState:
    pressed = pressed_in(call.widget_states.widgets)
    if not pressed:
        return call
    presses = presses_of(session._pages_manager)
    with presses.lock:
        presses.waiting.update({each.id: each for each in pressed})
    rest = ClientState()
    rest.CopyFrom(call)
    others = [each for each in call.widget_states.widgets if not was_pressed(each)]
    rest.widget_states.ClearField("widgets")
    rest.widget_states.widgets.extend(others)
    return rest


def _beginning_with_all(begin: Callable[..., None]) -> Callable[..., None]:
    """Of the state itself: a run that was stopped before it began does not get there."""

    @wraps(begin)
    def on_script_will_rerun(state: SessionState, brought: WidgetStates | None, **how: Any) -> None:
        run = get_script_run_ctx()
        waiting = {} if run is None else _begun_with(presses_of(run.pages_manager))
        begin(state, _with(brought, waiting.values()) if waiting else brought, **how)

    return on_script_will_rerun


def _begun_with(presses: Presses) -> dict[str, WidgetState]:
    with presses.lock:
        waiting, presses.waiting = presses.waiting, {}
        presses.unseen |= waiting
    return waiting


def _with(brought: WidgetStates | None, pressed: Iterable[WidgetState]) -> WidgetStates:
    states = WidgetStates()
    states.CopyFrom(brought or states)
    ids = {each.id for each in pressed}
    others = [each for each in states.widgets if each.id not in ids]
    states.ClearField("widgets")
    states.widgets.extend([*others, *pressed])
    return states
