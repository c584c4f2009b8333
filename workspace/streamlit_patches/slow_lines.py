"""A browser is sent no more than its line takes; what is left waits for the line.

Over a slow line messages pile up: a scan takes its time, and what a page polls meanwhile lies
behind it. With 500 of them Streamlit 1.67 gives the browser up (``StarletteSessionClient`` says it
is disconnected), but leaves the connection open: the page is drawn no more, and whatever is
pressed on it is thrown away without a word.

Here messages stay where they were laid, in which newer ones take the place of older ones, as long
as there is no room for them.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession

from workspace.streamlit_patches.once import once

MOST_ON_THE_WAY: Final = 400
_AGAIN_SECONDS: Final = 0.05
_WAITS: Final = "gliolens_waits_for_line"


@once
def wait_for_slow_lines() -> None:
    """Have what a line does not take wait for it from now on; once for all visitors."""
    AppSession.flush_browser_queue = _with_room(AppSession.flush_browser_queue)


def _with_room(flush: Callable[..., list[ForwardMsg]]) -> Callable[..., list[ForwardMsg]]:
    @wraps(flush)
    def flush_browser_queue(session: AppSession) -> list[ForwardMsg]:
        room = _room(session)
        messages = flush(session)
        if room is None or len(messages) <= room:
            return messages
        session._browser_queue._queue = messages[room:]
        _ask_again(session)
        return messages[:room]

    return flush_browser_queue


def _room(session: AppSession) -> int | None:
    """For how many messages; None for any number."""
    client = Runtime.instance().get_client(session.id) if Runtime.exists() else None
    queue = getattr(client, "_send_queue", None)
    return None if queue is None else max(0, MOST_ON_THE_WAY - queue.qsize())


def _ask_again(session: AppSession) -> None:
    """Have the server look in a moment whether there is room."""
    if not vars(session).get(_WAITS):
        vars(session)[_WAITS] = True
        session._event_loop.call_later(_AGAIN_SECONDS, _look, session)


def _look(session: AppSession) -> None:
    vars(session)[_WAITS] = False
    if session._message_enqueued_callback is not None:
        session._message_enqueued_callback()
