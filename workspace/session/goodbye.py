"""How a visitor's connection ended: a page that is closed says so, a line that breaks does not."""

import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, MutableMapping
from typing import Any, Final

from streamlit.runtime import Runtime

from workspace.jobs.visitors import this_visitor

# The reason browsers give when a page is closed, loaded anew or left for another (RFC 6455).
_GOING_AWAY: Final = 1001
_MOST: Final = 1000
_lock: Final = threading.Lock()
_said: "Final[OrderedDict[Hashable, None]]" = OrderedDict()

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]


def listen_for_goodbye() -> None:
    """Learn how the connection of the visitor of this script run will end.

    Streamlit is told the reason, and keeps it from everybody: it is read from what its server
    receives of this connection. Where another version receives otherwise, nobody says goodbye.
    """
    who = this_visitor()
    if who is None or not Runtime.exists():
        return
    socket = getattr(Runtime.instance().get_client(who), "_websocket", None)
    receive = getattr(socket, "_receive", None)
    if receive is None or isinstance(receive, _Listening):
        return
    with _lock:
        _said.pop(who, None)  # they are back
    socket._receive = _Listening(receive, who)


def said_goodbye(who: Hashable) -> bool:
    """Whether this visitor's page was closed, or loaded anew, rather than its line broken."""
    with _lock:
        return who in _said


class _Listening:
    def __init__(self, receive: _Receive, who: Hashable) -> None:
        self._receive = receive
        self._who = who

    async def __call__(self) -> _Message:
        message = await self._receive()
        if message.get("type") == "websocket.disconnect" and message.get("code") == _GOING_AWAY:
            with _lock:
                _said[self._who] = None
                while len(_said) > _MOST:
                    _said.popitem(last=False)
        return message
