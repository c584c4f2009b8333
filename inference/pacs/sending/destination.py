"""Where answers are sent: a DICOM node by C-STORE, or a DICOMweb server by STOW-RS."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from common.errors import InputError
from inference.dicom.file_headers.source import read_header
from inference.dicom.file_headers.values import text

_NODE: Final = re.compile(r"(?P<title>[^@\\]{1,16})@(?P<host>\[[^]]+\]|[^:@\s]+):(?P<port>\d{1,5})")
_SOP_INSTANCE_UID: Final = 0x00080018
_SOP_CLASS_UID: Final = 0x00080016


class UnreachableError(Exception):
    """A destination that cannot be reached now; the text says why, and names no patient."""


@dataclass(frozen=True)
class Parcel:
    """One object to be sent.

    Args:
        file: The object.
        uid: SOPInstanceUID.
        sop_class: SOPClassUID.
        syntax: Transfer syntax.
    """

    file: Path
    uid: str
    sop_class: str
    syntax: str


@dataclass(frozen=True)
class Receipt:
    """What became of one object.

    Args:
        parcel: The object.
        problem: Why it was not taken; empty where it was.
        again: Whether it may be taken later.
    """

    parcel: Parcel
    problem: str = ""
    again: bool = False


class Destination(Protocol):
    """Where objects are sent."""

    @property
    def name(self) -> str:
        """As it was given, without a password."""

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Receipt]:
        """Send objects one after the other, in their order.

        Raises:
            UnreachableError: where the connection cannot be made, or breaks.
        """


def parcel(file: Path) -> Parcel:
    """An object of a file, ready to be sent.

    Raises:
        InputError: where it is no DICOM file.
    """
    source = read_header(file, (_SOP_CLASS_UID, _SOP_INSTANCE_UID))
    if source is None:
        raise InputError(f"{file.name} is no DICOM file and cannot be sent.")
    uid = text(source.dataset, "SOPInstanceUID")
    return Parcel(file, uid, source.sop_class, source.transfer_syntax)


def destination(given: str, *, title: str) -> Destination:
    """The destination that a text names.

    Args:
        given: ``AET@HOST:PORT``, or the URL of a DICOMweb service.
        title: Our own AE title.

    Raises:
        InputError: where it is neither, or the package for it is missing.
    """
    if given.startswith(("http://", "https://")):
        from inference.pacs.sending.dicomweb import WebDestination

        return WebDestination(given)
    found = _NODE.fullmatch(given)
    if not found or not 0 < int(found["port"]) < 2**16:
        raise InputError(
            f"{given!r} is no destination; give AET@HOST:PORT, or the URL of a DICOMweb service."
        )
    from inference.pacs.sending.c_store import NodeDestination

    host = found["host"].strip("[]")
    return NodeDestination(given, found["title"], host, int(found["port"]), ours=title)
