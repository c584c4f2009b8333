"""A run of a page that was told to stop leaves alone what a press has changed since.

Whoever presses something while a page is still being drawn has that run stopped and the next one
begun at once, in another thread. One that was just ending goes on to put away what its widgets
left, in what both share: Streamlit 1.67 then may put away what the next run was called with, and
the press is lost (``WStates.remove_stale_widgets`` and ``SessionState._reset_triggers`` write what
``on_script_will_rerun`` of the other is writing).
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.state.safe_session_state import SafeSessionState

from workspace.streamlit_patches.once import once

# One for all visitors: it is held for as long as some dictionaries are looked through.
_ending: Final = threading.Lock()


@once
def keep_presses() -> None:
    """Have runs that were stopped put away nothing from now on; once for all visitors."""
    _change(SafeSessionState, "on_script_finished", _end)
    _change(SafeSessionState, "on_script_will_rerun", _begin)


def _change(owner: type, name: str, instead: Callable[..., None]) -> None:
    former = getattr(owner, name)

    @wraps(former)
    def method(self: Any, *given: Any, **named: Any) -> None:
        instead(self, lambda: former(self, *given, **named))

    setattr(owner, name, method)


def _end(state: SafeSessionState, end: Callable[[], None]) -> None:
    with _ending:
        if not _was_stopped(state):
            end()


def _begin(state: SafeSessionState, begin: Callable[[], None]) -> None:
    with _ending:  # whoever ends now began to before they were stopped
        pass
    begin()


def _was_stopped(state: SafeSessionState) -> bool:
    runner = getattr(state._yield_callback, "__self__", None)
    requests = getattr(runner, "_requests", None)
    return getattr(requests, "_state", None) is ScriptRequestType.STOP
