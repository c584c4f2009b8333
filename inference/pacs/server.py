"""The DICOM node: answers C-ECHO, and takes studies by C-STORE (pynetdicom)."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from common.errors import InputError
from inference.dicom.file_headers.kinds import READ, in_words
from inference.dicom.volumes.decoding import refused_syntax
from inference.pacs.optional import optional_package
from inference.pacs.reception import CANNOT_UNDERSTAND, OUT_OF_RESOURCES, SUCCESS, Reception

if TYPE_CHECKING:
    from pynetdicom.ae import ApplicationEntity
    from pynetdicom.events import Event

_WANTED_BY: Final = "python -m inference listen"
_ASSOCIATIONS: Final = 10
# Who says nothing for so long is taken to be gone.
_SILENCE_SECONDS: Final = 60
# The largest piece that may be read at once: pynetdicom would take a peer's word for 4 GB. An
# association is proposed in some 100 KB, data come in the pieces that were agreed on, of 16 KB.
_PIECE_BYTES: Final = 4_000_000


@dataclass(frozen=True)
class Node:
    """How this machine is known on the network.

    Args:
        title: Its AE title.
        port: TCP port.
        host: Address to listen on; all of the machine where it is empty.
        accepted: AE titles that may connect; any where there are none.
    """

    title: str
    port: int
    host: str = ""
    accepted: tuple[str, ...] = ()


@contextlib.contextmanager
def serving(node: Node, reception: Reception, folder: Path, object_bytes: int) -> Iterator[None]:
    """Take studies until the end of the block.

    Args:
        node: How it is known.
        reception: Gets what is sent.
        folder: For objects while they come, on the volume of the inbox; what is in it is removed.
        object_bytes: An object of more is cut short with its association.

    Raises:
        InputError: where pynetdicom is missing, or the port is taken.
    """
    with _arriving_in(folder):
        server = _started(node, _Handlers(reception, folder, object_bytes).bound())
        try:
            yield
        finally:
            server.shutdown()


@contextlib.contextmanager
def _arriving_in(folder: Path) -> Iterator[None]:
    """Objects go to disk as they come, so that none is held in memory, nor left in ``/tmp``."""
    config = optional_package("pynetdicom._config", wanted_by=_WANTED_BY)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    before = tempfile.tempdir, config.STORE_RECV_CHUNKED_DATASET
    tempfile.tempdir, config.STORE_RECV_CHUNKED_DATASET = str(folder), True
    config.LOG_HANDLER_LEVEL = "none"
    try:
        yield
    finally:
        tempfile.tempdir, config.STORE_RECV_CHUNKED_DATASET = before


def _started(node: Node, handlers: list[Any]) -> Any:
    entity = application_entity(node.title)
    entity.maximum_associations = _ASSOCIATIONS
    entity.network_timeout = _SILENCE_SECONDS
    entity.require_calling_aet = list(node.accepted)
    entity.add_supported_context("1.2.840.10008.1.1")  # verification (C-ECHO)
    syntaxes = readable_syntaxes()
    for sop_class in storage_classes():
        entity.add_supported_context(sop_class, syntaxes)
    try:
        return entity.start_server((node.host, node.port), block=False, evt_handlers=handlers)
    except OSError as error:
        raise InputError(
            f"Port {node.port} cannot be listened on ({error.strerror}); give a free one (--port)."
        ) from None


def application_entity(title: str) -> "ApplicationEntity":
    """A DICOM application of this title.

    Raises:
        InputError: where pynetdicom is missing, or the title is none.
    """
    package = optional_package("pynetdicom", wanted_by=_WANTED_BY)
    try:
        return package.AE(ae_title=title)
    except (ValueError, TypeError):
        raise InputError(
            f"{title!r} is no AE title; give 1 to 16 characters of ASCII without a backslash."
        ) from None


def storage_classes() -> list[str]:
    """What is accepted: what is read, and all other kinds of objects that have a name here.

    Those that nobody reads are let in and left out, since a PACS that sends a whole study may give
    up over the first object that is refused.
    """
    package = optional_package("pynetdicom", wanted_by=_WANTED_BY)
    unknown = in_words("")
    known = (str(each.abstract_syntax) for each in package.AllStoragePresentationContexts)
    named = [each for each in known if in_words(each) != unknown and each not in READ]
    return [*sorted(READ), *named]


def readable_syntaxes() -> list[str]:
    """The transfer syntaxes that :mod:`inference.dicom` reads."""
    package = optional_package("pynetdicom", wanted_by=_WANTED_BY)
    return [str(each) for each in package.ALL_TRANSFER_SYNTAXES if not refused_syntax(str(each))]


class _Handlers:
    """What is done when something comes over the network."""

    def __init__(self, reception: Reception, folder: Path, object_bytes: int) -> None:
        self._reception = reception
        self._folder = folder
        self._object_bytes = object_bytes
        self._unfinished_bytes: dict[int, int] = {}

    def bound(self) -> list[tuple[Any, Callable[..., Any]]]:
        evt = optional_package("pynetdicom", wanted_by=_WANTED_BY).evt
        return [
            (evt.EVT_CONN_OPEN, _guard),
            (evt.EVT_C_ECHO, lambda event: SUCCESS),
            (evt.EVT_C_STORE, self._store),
            (evt.EVT_DATA_RECV, self._count),
            (evt.EVT_RELEASED, lambda event: self._close(event, broken=False)),
            (evt.EVT_ABORTED, lambda event: self._close(event, broken=True)),
            (evt.EVT_CONN_CLOSE, self._forget),
        ]

    def _store(self, event: "Event") -> int:
        self._forget(event)
        sop_class = str(event.request.AffectedSOPClassUID)
        sender = "".join(filter(str.isprintable, event.assoc.requestor.ae_title))
        try:
            return self._reception.store(event.dataset_path, sop_class, id(event.assoc), sender)
        except OSError:
            return OUT_OF_RESOURCES
        except Exception:  # anything else would leave the file where it arrived
            return CANNOT_UNDERSTAND

    def _count(self, event: "Event") -> None:
        """End an association whose object does not end."""
        key = id(event.assoc)
        self._unfinished_bytes[key] = self._unfinished_bytes.get(key, 0) + len(event.data)
        if self._unfinished_bytes[key] > self._object_bytes:
            event.assoc.abort()

    def _forget(self, event: "Event") -> None:
        self._unfinished_bytes.pop(id(event.assoc), None)

    def _close(self, event: "Event", *, broken: bool) -> None:
        self._forget(event)
        self._reception.closed(id(event.assoc), broken=broken)
        self._sweep()

    def _sweep(self) -> None:
        """Remove objects that broke off; nothing has been added to them for long."""
        limit = time.time() - 2 * _SILENCE_SECONDS
        for file in self._folder.glob("*.dcm"):
            with contextlib.suppress(OSError):
                if file.stat().st_mtime < limit:
                    file.unlink()


def _guard(event: "Event") -> None:
    """Bound how long a peer may be silent, and how much is read at its word."""
    connection: Any = event.assoc.dul.socket
    connection.socket.settimeout(_SILENCE_SECONDS)
    receive = connection.recv
    connection.recv = lambda count: receive(count) if count <= _PIECE_BYTES else bytearray()
