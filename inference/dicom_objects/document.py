"""The PDF report as a document of the study (Encapsulated PDF, PS3.3 A.45.1)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydicom.dataset import FileDataset
from pydicom.uid import EncapsulatedPDFStorage

from inference.dicom_objects.description.codes import code_item
from inference.dicom_objects.image_series import ImageSeries
from inference.dicom_objects.origin.instance import new_instance
from inference.dicom_objects.origin.made import DOCUMENT_NUMBER
from inference.dicom_objects.result import MAKER, RESEARCH_ONLY, Result
from inference.dicom_objects.stand_ins import image_references

_REPORT: Final = ("18748-4", "LN", "Diagnostic imaging report")
_TITLE: Final = f"{MAKER} report. {RESEARCH_ONLY}"


def pdf_document(
    pdf: bytes, results: Sequence[Result], series: ImageSeries, *, made: datetime
) -> FileDataset:
    """A PDF as an object of the study.

    Args:
        pdf: The report. It names nobody.
        results: What it reports; its UIDs are derived from these, since a PDF holds its date.
        series: The images.
        made: When.
    """
    made_of = ("document", series.content, *(result.content for result in results))
    found = new_instance(series, EncapsulatedPDFStorage, modality="DOC", made_of=made_of, made=made)
    found.SeriesNumber, found.SeriesDescription = DOCUMENT_NUMBER, _TITLE
    found.ConversionType = "WSD"
    found.ContentDate, found.ContentTime = f"{made:%Y%m%d}", f"{made:%H%M%S}"
    found.AcquisitionDateTime = ""
    found.BurnedInAnnotation = "NO"
    found.DocumentTitle = _TITLE
    found.ConceptNameCodeSequence = [code_item(*_REPORT)]
    found.SourceInstanceSequence = image_references(series)
    found.MIMETypeOfEncapsulatedDocument = "application/pdf"
    found.EncapsulatedDocumentLength = len(pdf)
    found.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    return found
