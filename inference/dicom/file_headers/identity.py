"""Whether two files are of one patient, without keeping who it is."""

import hashlib
import secrets

from pydicom.dataset import Dataset

from inference.dicom.file_headers.free_text import for_matching, without_persons
from inference.dicom.file_headers.values import text, value

# New in every run, so that a key cannot be traced back by trying names.
_SALT = secrets.token_bytes(16)


def patient_key(dataset: Dataset) -> str:
    """Twelve characters, the same for the same PatientID, or for the same name where it has none.

    They differ from run to run.
    """
    who = text(dataset, "PatientID") or text(dataset, "PatientName").replace("^", " ")
    normal = " ".join(for_matching(who).split())
    return hashlib.blake2b(normal.encode(), key=_SALT, digest_size=6).hexdigest()


def study_date(dataset: Dataset) -> str:
    """StudyDate, else the series' or the acquisition's, as YYYYMMDD; or ""."""
    keywords = ("StudyDate", "SeriesDate", "AcquisitionDate", "AcquisitionDateTime", "ContentDate")
    dates = (text(dataset, keyword).replace(".", "")[:8] for keyword in keywords)
    return next((date for date in dates if len(date) == 8 and date.isdigit()), "")


def text_without_identity(dataset: Dataset, keyword: str) -> str:
    """A text of the header without the patient's name, number and any date.

    People write them into descriptions: ``"T1 MEIER^HANS 3.4.1950"``.
    """
    persons = (value(dataset, each) for each in ("PatientName", "PatientID"))
    return without_persons(text(dataset, keyword), [str(each) for each in persons if each])
