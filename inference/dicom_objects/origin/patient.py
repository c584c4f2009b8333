"""Who and which study an object belongs to: the elements an archive files it by.

They are read from one file of the source when an object is written, and kept nowhere.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import Tag

from common.errors import InputError
from inference.dicom.file_headers.source import read_header
from inference.dicom.file_headers.values import silence_pydicom, value
from inference.dicom_objects.origin.uids import content_uid
from inference.io.names.wording import shown

# Type 2 in every object (PS3.3, C.7.1.1 and C.7.2.1): there, if empty.
_FILED_BY: Final = (
    *("PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
    *("StudyDate", "StudyTime", "AccessionNumber", "StudyID", "ReferringPhysicianName"),
)
_OPTIONAL: Final = ("IssuerOfPatientID", "StudyDescription")
_FORMS: Final[Mapping[str, str]] = {
    "PatientSex": r"[MFO]",
    "PatientBirthDate": r"\d{8}",
    "StudyDate": r"\d{8}",
    "StudyTime": r"\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?",
}
_UTF_8: Final = "ISO_IR 192"


def patient_and_study(file: Path) -> Dataset:
    """The elements of patient and study of one file, in UTF-8; what it lacks is empty.

    Args:
        file: One of the source's images.

    Raises:
        InputError: where it is no longer there, or damaged.
    """
    wanted = (*_FILED_BY, *_OPTIONAL, "SpecificCharacterSet", "StudyInstanceUID", "SOPClassUID")
    silence_pydicom()
    if not file.exists():
        raise InputError(
            f"{shown(file)} is no longer where it was read, and a DICOM object needs its header; "
            "open the study again."
        )
    source = read_header(file, [Tag(keyword) for keyword in wanted])
    header = source.dataset if source else Dataset()
    found = _empty()
    for keyword in _FILED_BY:
        setattr(found, keyword, _well_formed(header, keyword))
    for keyword in _OPTIONAL:
        if text := _well_formed(header, keyword):
            setattr(found, keyword, text)
    study = _well_formed(header, "StudyInstanceUID")
    found.StudyInstanceUID = study or content_uid("study of", _well_formed(header, "PatientID"))
    return found


def pseudonym(key: str, study_uid: str) -> Dataset:
    """The same elements for someone who is not named.

    Args:
        key: What stands for the patient; the same for the same.
        study_uid: StudyInstanceUID.
    """
    made = _empty()
    for keyword in _FILED_BY:
        setattr(made, keyword, "")
    made.PatientName, made.PatientID = f"{key}^", key
    made.StudyInstanceUID = study_uid
    return made


def _empty() -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = _UTF_8
    return dataset


def _well_formed(header: Dataset, keyword: str) -> str:
    """An element's text as it stands; none where it has not the form that the standard gives it."""
    found = value(header, keyword)
    if found is None:
        return ""
    # Several values: a number with a backslash in it, which is not allowed and happens.
    parts = map(str, found) if isinstance(found, MultiValue) else (str(found),)
    text = "\\".join(parts).rstrip(" \0")
    form = _FORMS.get(keyword)
    return text if form is None or re.fullmatch(form, text) else ""
