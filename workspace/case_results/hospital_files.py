"""The results of a study that came as DICOM, as DICOM."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inference.io.format_names import PDF, RTSTRUCT, SEG, SR
from inference.preparation.answer import Answer, answer_on
from inference.preparation.poses import reference_of
from report.record import Record
from workspace.open_case import OpenCase

# What each is called, and what opens it.
OFFERED: Final = {
    SEG: (
        "Segmentations (DICOM-SEG)",
        "lie over the images in OHIF, 3D Slicer and the PACS viewers that show segmentations",
    ),
    RTSTRUCT: (
        "Contours (RTSTRUCT)",
        "open in planning systems for radiotherapy, 3D Slicer and OHIF",
    ),
    SR: (
        "Measurements (DICOM-SR)",
        "open in a PACS that reads structured reports, and in OHIF",
    ),
    PDF: (
        "Report (PDF in DICOM)",
        "opens in a PACS, filed with the study; the PDF below opens anywhere",
    ),
}


@dataclass(frozen=True)
class HospitalChoice:
    """What was chosen.

    Args:
        formats: Some of ``OFFERED``.
        without_identifiers: Whether a pseudonym stands in the patient's place.
    """

    formats: tuple[str, ...]
    without_identifiers: bool = False


def came_as_dicom(opened: OpenCase) -> bool:
    """Whether there are DICOM images that DICOM results can lie on."""
    examination = opened.came.examination if opened.came else None
    return examination is not None and bool(examination.dicom)


def series_of(shown: OpenCase) -> str:
    """The modality whose images the objects of a case that came as DICOM lie on."""
    return shown.frames or reference_of(dict.fromkeys(shown.came.sequences))


def object_writer(
    shown: OpenCase, record: Record, choice: HospitalChoice
) -> Callable[[Path, Path], tuple[Path, ...]]:
    """What writes the chosen objects into a folder, given the PDF report.

    Args:
        shown: A case that came as DICOM. The objects lie on the sequence on whose frames it is
            shown, else on the T1c or what stands for it.
        record: What is exported of it.
        choice: What was chosen.
    """
    answer = _answer(shown, record)

    def write(folder: Path, pdf: Path) -> tuple[Path, ...]:
        # Here: highdicom takes half a second to import.
        from inference.dicom_objects.write import write_objects

        return write_objects(
            answer,
            folder,
            choice.formats,
            made=record.made,
            pdf=pdf if PDF in choice.formats else None,
            without_identifiers=choice.without_identifiers,
        )

    return write


def _answer(shown: OpenCase, record: Record) -> Answer:
    segmentations = {each.name: each.segmentation for each in record.segmented}
    if shown.frames is None:
        return answer_on(shown.came, segmentations)
    return Answer(shown.came, shown.frames, shown.case, segmentations)
