"""A name that stands for a patient: the same for the same, and nobody can tell whose it is."""

import hashlib
import hmac
import os
from typing import Final

from pydicom.dataset import Dataset

from inference.dicom_objects.result import MAKER

# Whoever holds this key, and nobody else, can tell whether a pseudonym is that of a number.
KEY: Final = "GLIOLENS_PSEUDONYM_KEY"
_DIGITS: Final = 12


def pseudonym_of(patient: Dataset) -> str | None:
    """The pseudonym of a patient over all exams; None where no key is set.

    Args:
        patient: Has the patient's number.
    """
    key, number = os.environ.get(KEY, ""), str(patient.PatientID)
    if not key or not number:
        return None
    digits = hmac.new(key.encode(), number.encode(), hashlib.sha256).hexdigest()
    return f"{MAKER}-{digits[:_DIGITS]}"
