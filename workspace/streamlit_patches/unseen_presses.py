"""A press whose run was stopped before it had come to the button is shown to the next run.

``if st.button(...)`` acts where a run of the page draws the button. Whoever presses something else
meanwhile has that run stopped and the page drawn anew, and Streamlit 1.67 shows a press to one run
only (``SessionState._reset_triggers``): on a busy server, where a page takes seconds to draw, it is
lost without a word.

Here the next run is shown it too, without its callbacks, which were called, until one has drawn the
button or has come to its end without it. What a press has begun to do is not done again: a run that
is stopped after it drew the button has done as much as it has.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

from workspace.streamlit_patches.once import once
from workspace.streamlit_patches.presses import Presses, presses_of

# Of a runner that was told to stop, and of a run that is about to send a button it was shown.
_STOPPED: Final = "gliolens_stopped"
_DRAWING: Final = "gliolens_drawing"


@once
def keep_unseen_presses() -> None:
    """Have presses shown so from now on; once for all visitors."""
    for owner, name, instead in (
        (ScriptRunContext, "on_script_start", _start),
        (SessionState, "register_widget", _register),
        (ScriptRunner, "_maybe_handle_execution_control_request", _look_for_calls),
        (ScriptRunner, "request_stop", _stop),
        (ScriptRunner, "_on_script_finished", _finish),
        (AppSession, "_handle_stop_script_request", _let_go),
    ):
        setattr(owner, name, _in_place_of(getattr(owner, name), instead))


def _in_place_of(former: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(former)
    def method(self: Any, *given: Any) -> Any:
        return instead(former, self, *given)

    return method


def _start(start: Callable[..., None], run: ScriptRunContext) -> None:
    """The callbacks were called; the page begins."""
    vars(run).pop(_DRAWING, None)
    presses = _of(run)
    shown = run.session_state._state._new_widget_state
    with presses.lock:
        for each in presses.unseen.values():
            if not shown.get(each.id):
                shown.set_widget_from_proto(each)
    start(run)


def _register(
    register: Callable[..., Any], state: SessionState, what: WidgetMetadata[Any], key: str | None
) -> Any:
    found = register(state, what, key)
    run = get_script_run_ctx()
    if run is not None and what.id in _of(run).unseen and found.value:
        vars(run)[_DRAWING] = what.id
    return found


def _look_for_calls(look: Callable[..., None], runner: ScriptRunner) -> None:
    """Where a run is stopped: the next time is as the button is sent, before it acts."""
    look(runner)
    run = get_script_run_ctx(suppress_warning=True)
    drawn = None if run is None else vars(run).pop(_DRAWING, None)
    if run is not None and drawn is not None:
        presses = _of(run)
        with presses.lock:
            presses.unseen.pop(drawn, None)


def _stop(stop: Callable[..., None], runner: ScriptRunner) -> None:
    vars(runner)[_STOPPED] = True
    stop(runner)


def _finish(
    finish: Callable[..., None],
    runner: ScriptRunner,
    run: ScriptRunContext,
    event: ScriptRunnerEvent,
    *how: Any,
) -> None:
    """A run that came to its end, or failed, has no such button; one of parts has none in those."""
    if event is not ScriptRunnerEvent.SCRIPT_STOPPED_FOR_RERUN and _STOPPED not in vars(runner):
        presses, parts = _of(run), run.fragment_ids_this_run or ()
        with presses.lock:
            for name in list(presses.unseen):
                if not parts or _part_of(name, run) in parts:
                    del presses.unseen[name]
    finish(runner, run, event, *how)


def _part_of(button: str, run: ScriptRunContext) -> str | None:
    known = run.session_state._state._new_widget_state.widget_metadata.get(button)
    return known and known.fragment_id


def _let_go(stop: Callable[..., None], session: AppSession) -> None:
    """Who has the page stopped wants nothing of what they pressed."""
    presses = presses_of(session._pages_manager)
    with presses.lock:
        presses.waiting.clear()
        presses.unseen.clear()
    stop(session)


def _of(run: ScriptRunContext) -> Presses:
    return presses_of(run.pages_manager)
