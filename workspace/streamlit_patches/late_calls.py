"""Calls for a part of a page that come late: the page was left, or drawn anew meanwhile.

The browser calls for a part of a page by its name: a clock has it redrawn, or somebody presses a
button in it. On a busy server, or over a slow line, a call may arrive when the part is no more.
Streamlit 1.67 answers such calls in ways that a visitor suffers from:

- One that waited while the page was left for another is answered as of the page before: the browser
  takes away all that the present page shows, and nothing draws it again.
- A press of a button in a part that was drawn anew meanwhile is ignored.
- One that comes while a run ends has a second run begin, and what the first has still to send is
  thrown away: the order to go on asking with it (the comment in ``AppSession.request_rerun``).

Here the clock's late calls are ignored, a visitor's have the whole page run, and none begins a run
before the one before it has told all. One that has to wait for that is repeated with what has been
chosen on the page by then, as a call that came meanwhile has it.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Final

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from workspace.streamlit_patches.once import once
from workspace.streamlit_patches.presses import pressed_in, presses_of

# A run that has ended tells so within this time, or is asked again.
_AGAIN_SECONDS: Final = 0.01
# Of a session: the last call of its visitor that was not too early.
_TAKEN: Final = "gliolens_taken_call"


class _TooEarlyError(Exception):
    """What the run before has to tell has not been heard yet."""


@once
def answer_late_calls() -> None:
    """Have late calls answered so from now on; once for all visitors."""
    for owner, name, instead in (
        (AppSession, "request_rerun", _take_call),
        (AppSession, "_create_scriptrunner", _begin_in_turn),
        (ScriptRunner, "_run_script", _run),
    ):
        former = getattr(owner, name, None)
        if former is not None:  # else another version, which may have no such fault
            setattr(owner, name, _in_place_of(former, instead))


def _in_place_of(former: Callable[..., None], instead: Callable[..., None]) -> Callable[..., None]:
    @wraps(former)
    def method(self: Any, given: Any) -> None:
        instead(former, self, given)

    return method


def _take_call(take: Callable[..., None], session: AppSession, call: ClientState | None) -> None:
    """A visitor's call for a part that is no more is one for the whole page."""
    if call is not None and call.fragment_id and not session.has_fragment(call.fragment_id):
        call = call if call.is_auto_rerun else _for_whole_page(call)
    former = vars(session).get(_TAKEN)
    try:
        take(session, call)
    except _TooEarlyError:
        loop, again = session._event_loop, (_take_again, session, call, former)
        loop.call_soon_threadsafe(loop.call_later, _AGAIN_SECONDS, *again)
    else:
        if call is not None and not call.is_auto_rerun:  # the clock's say nothing new of the page
            vars(session)[_TAKEN] = call


def _take_again(session: AppSession, call: ClientState, former: ClientState | None) -> None:
    """A call that has come after it says better what the page is, and what was chosen there."""
    latest = vars(session).get(_TAKEN)
    if latest is not None and latest is not former:
        part, by_clock = call.fragment_id, call.is_auto_rerun
        call = ClientState()
        call.CopyFrom(latest)
        call.fragment_id, call.is_auto_rerun = part, by_clock
        call.is_history_navigation = False
    session.request_rerun(call)


def _for_whole_page(call: ClientState) -> ClientState:
    whole = ClientState()
    whole.CopyFrom(call)
    whole.fragment_id = ""
    return whole


def _begin_in_turn(begin: Callable[..., None], session: AppSession, asked: RerunData) -> None:
    if session._scriptrunner is not None:  # it has ended, and takes no further call
        raise _TooEarlyError
    begin(session, asked)


def _run(run: Callable[..., None], runner: ScriptRunner, asked: RerunData) -> None:
    """A call that has waited: for parts of a page that is shown no more, or drawn anew."""
    parts, pages = asked.fragment_id_queue, runner._pages_manager
    known = any(map(runner._fragment_storage.contains, parts))
    if not parts or (known and asked.page_script_hash == pages.current_page_script_hash):
        run(runner, asked)
    elif not _is_by_clock(runner, asked):
        run(runner, replace(asked, fragment_id_queue=[], is_fragment_scoped_rerun=False))


def _is_by_clock(runner: ScriptRunner, asked: RerunData) -> bool:
    """Whether nobody has pressed anything: one who did may have come before the clock's call."""
    widgets = asked.widget_states.widgets if asked.widget_states is not None else ()
    waiting = presses_of(runner._pages_manager).waiting
    return asked.is_auto_rerun and not waiting and not pressed_in(widgets)
