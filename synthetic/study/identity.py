"""Who was never examined: names, dates, and identifiers that follow from the content."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydicom.uid import UID

MARK: Final = "made up by GlioLens, no patient"
_BEGIN: Final = datetime(2024, 3, 1, 9, 30)


@dataclass(frozen=True)
class Person:
    """A made-up person.

    Args:
        name: As in PatientName.
        number: As in PatientID.
        character_set: As in SpecificCharacterSet.
    """

    name: str
    number: str
    character_set: str | list[str]


_SYNTHETIC: Final = Person("Synthetic^Head", "SYNTHETIC-0", "ISO_IR 100")
_PERSONS: Final = {
    "latin1": Person("Muster^Jürgen", "SYNTHETIC-1", "ISO_IR 100"),
    "japanese": Person(
        "Yamada^Tarou=山田^太郎=やまだ^たろう", "SYNTHETIC-2", ["", "ISO 2022 IR 87"]
    ),
}


def person_of(variant: str) -> Person:
    """Whose name a variant of the study bears."""
    return _PERSONS.get(variant, _SYNTHETIC)


def uid(*parts: str | bytes) -> UID:
    """A UID under 2.25 (a UUID's number, PS3.5 B.2) that the same parts always give."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return UID(f"2.25.{int.from_bytes(digest.digest()[:16], 'big')}")


def moment(seconds: float) -> tuple[str, str]:
    """Date and time, as DICOM writes them, so many seconds after the beginning of the exam."""
    when = _BEGIN + timedelta(seconds=seconds)
    return when.strftime("%Y%m%d"), when.strftime("%H%M%S.%f")
