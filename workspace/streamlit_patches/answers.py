"""What the browser has asked for and waits for is sent, also as a page begins to be drawn anew.

Files that are dropped, and a download that is made on request, are first asked for: where may they
be sent to, where is it? Streamlit 1.67 lays the answer among what is to be sent to the browser, and
throws that away as a run of the page begins (``ForwardMsgQueue.clear`` keeps little), for the run
sends it all again; but nobody asks again. On a busy server, where an answer lies there for a while,
dropped files are gone without a word, and a download never comes.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from workspace.streamlit_patches.once import once

_ANSWERS: Final = ("file_urls_response", "backend_operation_response", "heartbeat_ack")


@once
def keep_answers() -> None:
    """Have answers kept from now on; once for all visitors."""
    ForwardMsgQueue.clear = _sparing_answers(ForwardMsgQueue.clear)


def _sparing_answers(clear: Callable[..., None]) -> Callable[..., None]:
    @wraps(clear)
    def method(
        queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, *given: Any, **named: Any
    ) -> None:
        answers = [each for each in queue._queue if each.WhichOneof("type") in _ANSWERS]
        clear(queue, retain_lifecycle_msgs, *given, **named)
        if retain_lifecycle_msgs:  # else all of it was sent
            kept = set(map(id, queue._queue))
            queue._queue.extend(each for each in answers if id(each) not in kept)

    return method
