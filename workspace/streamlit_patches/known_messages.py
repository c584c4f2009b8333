"""What the browser may have forgotten is sent to it again, whole.

The browser keeps large messages, of which a page is sent the name alone when it draws the same
again; those that no page has shown in its last runs it lets go of. Each call names what it keeps.
Over a slow line, a run that was asked for before may end between that call and what answers it, and
have the browser let go of what it is then referred to by name: Streamlit 1.67 takes that for an
error that nobody expected, and the page stops for good (``Cached ForwardMsg MISS`` in its browser
part; pressed twice in the navigation, for another page and back, is enough).

Here the names in calls are passed over. The server knows what it has sent and in what order, and
lets go of it by the browser's own rule, but as soon as that may: what is then left, the browser
has. What is sent last, as it is sent, decides.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Final

from streamlit import config
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_cache import create_reference_msg
from streamlit.runtime.session_manager import ActiveSessionInfo, SessionClient

from workspace.streamlit_patches.once import once

_NAME: Final = "gliolens_known_messages"


@dataclass
class KnownMessages:
    """What the browser at the other end of one connection keeps, at least.

    Args:
        runs: How many runs have ended, as it was told.
        kept: By the hash of a message, the run that showed it last, and the part of the page it
            is of: "" outside any, None where that is not known.
    """

    runs: int = 0
    kept: dict[str, tuple[int, str | None]] = field(default_factory=dict)

    def named(self, hashes: Iterable[str]) -> None:
        """Take the browser's word for what it keeps, as it comes back over a new connection.

        Not once a run has ended there: it may have let go of them. As nobody knows how long it has
        kept them, the first run that ends has them forgotten, unless it shows them.
        """
        if not self.runs:
            unknown = self.runs - _most_runs()
            self.kept = dict.fromkeys(hashes, (unknown, None)) | self.kept

    def sent(self, message: ForwardMsg) -> ForwardMsg:
        """Note a message that is being sent; return what to send, which may be its name alone."""
        if message.WhichOneof("type") == "script_finished":
            self._end(message)
        if not message.metadata.cacheable:
            return message
        former = self.kept.get(message.hash)
        part = message.delta.fragment_id if former is None else former[1]
        self.kept[message.hash] = (self.runs, part)
        return message if former is None else create_reference_msg(message)

    def _end(self, message: ForwardMsg) -> None:
        """Forget what no run has shown lately; as one of parts of a page ends, what is of those."""
        if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self.runs += 1
        parts = message.metadata.run.fragment_ids
        self.kept = {
            name: (run, part)
            for name, (run, part) in self.kept.items()
            if self.runs - run <= _most_runs() or (parts and part is not None and part not in parts)
        }


@once
def know_messages() -> None:
    """Have the server know them itself from now on; once for all visitors."""
    AppSession.request_rerun = _passing_over_names(AppSession.request_rerun)
    Runtime._send_message = _sending_names(Runtime._send_message)


def _passing_over_names(take: Callable[..., None]) -> Callable[..., None]:
    @wraps(take)
    def request_rerun(session: AppSession, call: ClientState | None) -> None:
        if call is not None:
            client = Runtime.instance().get_client(session.id) if Runtime.exists() else None
            if client is not None:
                _known_to(client).named(call.cached_message_hashes)
            call.ClearField("cached_message_hashes")
        take(session, call)

    return request_rerun


def _sending_names(send: Callable[..., None]) -> Callable[..., None]:
    @wraps(send)
    def _send_message(runtime: Runtime, to: ActiveSessionInfo, message: ForwardMsg) -> None:
        send(runtime, to, _known_to(to.client).sent(message))

    return _send_message


def _known_to(client: SessionClient) -> KnownMessages:
    return vars(client).setdefault(_NAME, KnownMessages())


def _most_runs() -> int:
    return int(config.get_option("global.maxCachedMessageAge"))
