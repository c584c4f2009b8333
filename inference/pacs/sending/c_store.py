"""Sending to a DICOM node by C-STORE (pynetdicom)."""

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from inference.pacs.sending.destination import Parcel, Receipt, UnreachableError
from inference.pacs.server import application_entity

if TYPE_CHECKING:
    from pynetdicom.association import Association

# Within an association at most 128 kinds of object can be agreed on (DICOM PS3.8, 9.3.2.2).
_KINDS: Final = 128
_ANSWER_SECONDS: Final = 120
_CONNECT_SECONDS: Final = 15


class NodeDestination:
    """A DICOM node.

    Args:
        name: As it was given.
        title: Its AE title.
        host: Its address.
        port: Its TCP port.
        ours: Our own AE title.

    Raises:
        InputError: where pynetdicom is missing, or ``ours`` is no title.
    """

    def __init__(self, name: str, title: str, host: str, port: int, *, ours: str) -> None:
        self.name = name
        self._title, self._host, self._port = title, host, port
        self._entity = application_entity(ours)
        self._entity.connection_timeout = _CONNECT_SECONDS
        self._entity.dimse_timeout = _ANSWER_SECONDS

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Receipt]:
        """As of :class:`inference.pacs.sending.destination.Destination`."""
        association = self._associated(parcels)
        try:
            for parcel in parcels:
                yield _receipt(parcel, association)
        finally:
            if association.is_established:
                association.release()

    def _associated(self, parcels: Sequence[Parcel]) -> "Association":
        from pynetdicom.presentation import build_context

        kinds = dict.fromkeys((each.sop_class, each.syntax) for each in parcels)
        contexts = [build_context(*kind) for kind in itertools.islice(kinds, _KINDS)]
        association = self._entity.associate(self._host, self._port, contexts, ae_title=self._title)
        if association.is_established:
            return association
        if association.is_rejected:
            raise UnreachableError("it rejected the association; it may not know this AE title")
        raise UnreachableError("no connection")


def _receipt(parcel: Parcel, association: "Association") -> Receipt:
    if not association.is_established:
        raise UnreachableError("the connection broke")
    try:
        answer = association.send_c_store(parcel.file)
    except ValueError:  # no presentation context was accepted for it
        return Receipt(parcel, "it takes no objects of this kind")
    except RuntimeError:
        raise UnreachableError("the connection broke") from None
    status = answer.get("Status") if answer else None
    if status is None:
        raise UnreachableError("it did not answer")
    return _judged(parcel, status)


def _judged(parcel: Parcel, status: int) -> Receipt:
    """By the status of a C-STORE (DICOM PS3.4, table B.2-1); Bxxx are warnings."""
    if status == 0 or status & 0xF000 == 0xB000:
        return Receipt(parcel)
    again = status & 0xFF00 == 0xA700
    return Receipt(parcel, f"it answered with status {status:04X}", again)
