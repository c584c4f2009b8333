"""What is known of a NIfTI's series: from the JSON that dcm2niix wrote beside it, or its name.

The keys are those of dcm2niix (https://github.com/rordenlab/dcm2niix/tree/master/BIDS), which are
BIDS's where BIDS has one; times there are in seconds, here in milliseconds.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from common.errors import InputError
from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.file_headers.free_text import one_line, without_persons
from inference.io.names.wording import shown_name

_ENDING: Final = re.compile(r"\.nii(\.gz)?$", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2}):(\d{2}(?:\.\d*)?)")
# A sidecar of a thousand volumes has some hundred kilobytes.
LARGEST_BYTES: Final = 4_000_000


def facts_of_name(file_name: str) -> SeriesFacts:
    """All that a file without a JSON beside it says is its name."""
    return SeriesFacts(description=_by_name(file_name))


def facts_of_sidecar(text: bytes, file_name: str) -> SeriesFacts:
    """The facts of a series by its JSON; where that has no description, the file's name speaks.

    Args:
        text: The JSON file as it is.
        file_name: Of the NIfTI, without folders; named in errors.

    Raises:
        InputError: where this is no JSON object, or one too large for a header.
    """
    fields = _parsed(text, file_name)
    # dcm2niix writes these only where it is asked not to anonymise.
    persons = [_text(fields.get(key)) for key in ("PatientName", "PatientID")]
    description = without_persons(_text(fields.get("SeriesDescription")), persons)
    return SeriesFacts(
        number=_whole(fields.get("SeriesNumber")),
        description=description or _by_name(file_name),
        protocol=without_persons(_text(fields.get("ProtocolName")), persons),
        sequence_name=_text(fields.get("SequenceName")) or _text(fields.get("PulseSequenceName")),
        scanning_sequence=_parts(fields.get("ScanningSequence")),
        image_type=_parts(fields.get("ImageType")),
        echo_time_ms=_milliseconds(fields.get("EchoTime")),
        repetition_time_ms=_milliseconds(fields.get("RepetitionTime")),
        inversion_time_ms=_milliseconds(fields.get("InversionTime")),
        flip_angle_degrees=_number(fields.get("FlipAngle")),
        is_3d=_is_3d(fields.get("MRAcquisitionType")),
        contrast_agent=_text(
            fields.get("ContrastBolusAgent") or fields.get("ContrastBolusIngredient")
        ),
        acquired_s=_seconds(_text(fields.get("AcquisitionTime"))),
        body_part=_text(fields.get("BodyPartExamined") or fields.get("BodyPart")),
        manufacturer=_text(fields.get("Manufacturer")),
    )


def refusal_of_sidecar(text: bytes, file_name: str) -> str | None:
    """The sentence why this is no image of MR; None where it is, or does not say.

    Raises:
        InputError: as of :func:`facts_of_sidecar`.
    """
    kind = _text(_parsed(text, file_name).get("Modality")).upper()
    if kind in ("", "MR"):
        return None
    return f"{shown_name(file_name)} is of the kind {kind[:16]}, no MR."


def exam_of_sidecar(text: bytes, file_name: str) -> str:
    """StudyInstanceUID, which dcm2niix writes where it does not anonymise; or "".

    Raises:
        InputError: as of :func:`facts_of_sidecar`.
    """
    return _text(_parsed(text, file_name).get("StudyInstanceUID"))


def _by_name(file_name: str) -> str:
    return one_line(_ENDING.sub("", file_name))


def _parsed(text: bytes, file_name: str) -> Mapping[str, Any]:
    name = shown_name(file_name)
    wrong = f"The JSON beside {name} is not one that dcm2niix writes; leave it out."
    if len(text) > LARGEST_BYTES:
        raise InputError(wrong)
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(wrong) from error
    if not isinstance(fields, dict):
        raise InputError(wrong)
    return fields


def _number(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if usable and abs(value) < 1e9 else None


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _milliseconds(value: Any) -> float | None:
    number = _number(value)
    return None if number is None else round(1000 * number, 6)


def _text(value: Any) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _parts(value: Any) -> tuple[str, ...]:
    """``"GR_IR"`` and ``["GR", "IR"]`` alike."""
    if isinstance(value, str):
        return tuple(part for part in re.split(r"[_\\]", one_line(value)) if part)
    return tuple(one_line(str(part)) for part in value) if isinstance(value, list) else ()


def _is_3d(value: Any) -> bool | None:
    return {"3D": True, "2D": False}.get(_text(value).upper())


def _seconds(clock: str) -> float | None:
    """``13:51:32.5``, as dcm2niix writes it, in seconds after midnight."""
    match = _CLOCK.fullmatch(clock)
    if match is None:
        return None
    hours, minutes, seconds = map(float, match.groups())
    return 3600 * hours + 60 * minutes + seconds
