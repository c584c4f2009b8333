"""How a file was acquired, as its header says, classic or enhanced."""

import math
import struct
from typing import Final, SupportsFloat

from pydicom.dataset import Dataset

from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.file_headers.functional_groups import Groups, frame_groups
from inference.dicom.file_headers.identity import text_without_identity
from inference.dicom.file_headers.values import first, integer, items, number, text, texts, value

FACT_KEYWORDS: Final = (
    *("Manufacturer", "SeriesNumber", "SeriesDescription", "ProtocolName", "SequenceName"),
    *("PulseSequenceName", "ScanningSequence", "ImageType", "EchoTime", "RepetitionTime"),
    *("InversionTime", "FlipAngle", "MRAcquisitionType", "ContrastBolusAgent", "AcquisitionTime"),
    *("AcquisitionDateTime", "ContentTime", "SeriesTime", "BodyPartExamined", "PatientAge"),
    *("ContrastBolusAgentSequence", "EchoPulseSequence", "InversionRecovery"),
    "AcquisitionContrast",
)
# Where vendors keep the b-value when they do not use DiffusionBValue: element, the element with
# the name of whose it is, and how that begins.
_PRIVATE_B_VALUES = (
    (0x0019100C, 0x00190010, "SIEMENS"),
    (0x00431039, 0x00430010, "GEMS_PARM"),
    (0x20011003, 0x20010010, "PHILIPS IMAGING"),
)
PRIVATE_TAGS: Final = tuple(tag for pair in _PRIVATE_B_VALUES for tag in pair[:2])
_GE_OFFSET = 1_000_000_000  # GE adds it to mark a b-value
_BINARY = {2: "<H", 4: "<f"}
_YEARS = {"D": 1 / 365.25, "W": 7 / 365.25, "M": 1 / 12, "Y": 1.0}


def facts_of(dataset: Dataset) -> SeriesFacts:
    """The facts of a file; shape and spacing belong to the volume and are left out."""
    groups = frame_groups(dataset)
    return SeriesFacts(
        number=integer(dataset, "SeriesNumber"),
        description=text_without_identity(dataset, "SeriesDescription"),
        protocol=text_without_identity(dataset, "ProtocolName"),
        sequence_name=text(dataset, "SequenceName") or text(dataset, "PulseSequenceName"),
        scanning_sequence=texts(dataset, "ScanningSequence") or _pulses(dataset, groups),
        image_type=texts(dataset, "ImageType"),
        echo_time_ms=groups.echo_time_ms(0) if groups else number(dataset, "EchoTime"),
        repetition_time_ms=_timing(dataset, groups, "RepetitionTime"),
        inversion_time_ms=(
            groups.inversion_time_ms(0) if groups else number(dataset, "InversionTime")
        ),
        flip_angle_degrees=_timing(dataset, groups, "FlipAngle"),
        is_3d=_is_3d(dataset),
        contrast_agent=_contrast_agent(dataset),
        acquired_s=_acquired_s(dataset),
        body_part=text(dataset, "BodyPartExamined"),
        manufacturer=text(dataset, "Manufacturer"),
        patient_age_years=_age_years(text(dataset, "PatientAge")),
        acquisition_contrast=_acquisition_contrast(dataset, groups),
    )


def classic_b_value(dataset: Dataset) -> float | None:
    """The b-value of a classic file in s/mm², from the standard element or the vendor's own."""
    standard = number(dataset, "DiffusionBValue")
    if standard is not None:
        return standard
    for tag, owner_tag, owner in _PRIVATE_B_VALUES:
        if tag in dataset and _private_text(dataset, owner_tag).upper().startswith(owner):
            b_value = private_number(dataset, tag)
            return None if b_value is None else b_value % _GE_OFFSET
    return None


def _private_text(dataset: Dataset, tag: int) -> str:
    found = _raw(dataset, tag)
    return found.decode("ascii", "ignore") if isinstance(found, bytes) else str(found or "")


def private_number(dataset: Dataset, tag: int) -> float | None:
    """A number of a vendor's own element, which may come as bytes without a type.

    Bytes are digits (Siemens, GE), or 4 of a float (Philips), or 2 of a whole number.
    """
    found = first(_raw(dataset, tag))
    given = _out_of_bytes(found) if isinstance(found, bytes) else found
    if not isinstance(given, str | SupportsFloat):
        return None
    try:
        result = float(given)
    except ValueError:
        return None
    return result if math.isfinite(result) else None


def _out_of_bytes(found: bytes) -> str | float:
    digits = found.decode("ascii", "ignore").split("\\")[0].strip(" \0")
    binary = _BINARY.get(len(found))
    if binary is None or digits.isdigit():
        return digits
    return struct.unpack(binary, found)[0]


def _raw(dataset: Dataset, tag: int) -> object | None:
    try:
        return dataset[tag].value
    except Exception:
        return None


def _timing(dataset: Dataset, groups: Groups | None, keyword: str) -> float | None:
    return groups.number(0, keyword) if groups else number(dataset, keyword)


def _pulses(dataset: Dataset, groups: Groups | None) -> tuple[str, ...]:
    """ScanningSequence of an enhanced file, from the elements that took its place."""
    kinds = {"SPIN": ("SE",), "GRADIENT": ("GR",), "BOTH": ("SE", "GR")}
    pulses = kinds.get(text(dataset, "EchoPulseSequence").upper(), ())
    inverted = groups is not None and groups.text(0, "InversionRecovery").upper() == "YES"
    return (*pulses, "IR") if inverted else pulses


def _acquisition_contrast(dataset: Dataset, groups: Groups | None) -> str:
    """What an enhanced file says it shows, such as ``"FLUID_ATTENUATED"``; UNKNOWN is nothing."""
    found = (
        groups.text(0, "AcquisitionContrast") if groups else text(dataset, "AcquisitionContrast")
    )
    return "" if found in ("UNKNOWN", "NONE") else found


def _is_3d(dataset: Dataset) -> bool | None:
    kind = text(dataset, "MRAcquisitionType").upper()
    return {"2D": False, "3D": True}.get(kind)


_UNNAMED = "not named"


def _contrast_agent(dataset: Dataset) -> str:
    named = text(dataset, "ContrastBolusAgent")
    meanings = (text(i, "CodeMeaning") for i in items(dataset, "ContrastBolusAgentSequence"))
    # The tag belongs to the module of contrast (type 2): where it stands empty, as once a study
    # has been anonymised, contrast was given all the same.
    unnamed = _UNNAMED if "ContrastBolusAgent" in dataset else ""
    return named or next(filter(None, meanings), unnamed)


def _acquired_s(dataset: Dataset) -> float | None:
    keywords = ("AcquisitionTime", "AcquisitionDateTime", "ContentTime", "SeriesTime")
    for keyword in keywords:
        if value(dataset, keyword) is not None:
            clock = text(dataset, keyword).replace(":", "")
            return _seconds(clock[8:] if keyword == "AcquisitionDateTime" else clock)
    return None


def _seconds(clock: str) -> float | None:
    """HHMMSS.ffffff, of which the end may be missing, in seconds after midnight."""
    clock = clock.partition("+")[0].partition("-")[0]
    try:
        hours, minutes = int(clock[:2]), int(clock[2:4] or 0)
        return 3600.0 * hours + 60.0 * minutes + float(clock[4:] or 0)
    except ValueError:
        return None


def _age_years(age: str) -> float | None:
    unit = _YEARS.get(age[-1:].upper())
    return int(age[:-1]) * unit if unit and age[:-1].isdigit() else None
