"""The answer of one opened case in every format that was asked for, in one folder."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.cli.output import write_segmentations
from inference.dicom_objects.limits import check_overlapping
from inference.io.format_names import (
    FOR_A_PACS,
    FORMATS,
    NIFTI,
    OBJECTS,
    PDF,
    REGIONS,
    RTSTRUCT,
    SEG,
)
from inference.network.segmentation import Segmentation
from inference.preparation.answer import Answer, answer_on
from inference.preparation.native_answer import segmentation_on
from inference.preparation.opened_case import OpenedCase

REPORT: Final = "report.pdf"


def write_formats(
    opened: OpenedCase,
    segmentations: Mapping[str, Segmentation],
    folder: Path,
    *,
    formats: Collection[str] = FOR_A_PACS,
    onto: str | None = None,
    without_identifiers: bool = False,
) -> tuple[Path, ...]:
    """Write what the models predicted of one case; each file appears whole or not at all.

    Args:
        opened: The case with its images, as :func:`inference.preparation.opened_case.prepared`
            gives it; of a DICOM study its files must still be where they were read.
        segmentations: By name, the consensus among them, on the grid of ``opened.case``.
        folder: Gets the files; made where it is not there.
        formats: Some of ``FORMATS``.
        onto: The modality whose series the answer lies on; the T1c, or what stands for it,
            unless another is named.
        without_identifiers: Whether a pseudonym stands in the place of the patient, and new UIDs
            in that of the source's; the images are then written beside, since nothing else has
            these UIDs.

    Returns:
        The files in the order in which they were written. Those ending in ``.dcm`` belong in a
        PACS; each may be sent by itself, in this order.

    Raises:
        InputError: where there is no such sequence, or a file of the study is gone.
    """
    answer = answer_on(opened, segmentations, onto)
    return write_answer(answer, folder, formats=formats, without_identifiers=without_identifiers)


def write_answer(
    answer: Answer,
    folder: Path,
    *,
    formats: Collection[str],
    without_identifiers: bool = False,
    read_seconds: float = 0.0,
) -> tuple[Path, ...]:
    """The same for an answer that is on its grid already.

    Args:
        answer: The answer.
        folder: As of :func:`write_formats`.
        formats: As there.
        without_identifiers: As there.
        read_seconds: What reading the files took, for the report.

    Raises:
        InputError: as there.
    """
    made = datetime.now().astimezone()
    written: list[Path] = []
    if NIFTI in formats:
        written += write_segmentations(answer.case, answer.segmentations, folder)
    if PDF in formats:
        written.append(_write_report(answer, folder / REPORT, made, read_seconds))
    document = PDF in formats and answer.series is not None
    if document or OBJECTS & set(formats):
        # Here: highdicom takes half a second to import.
        from inference.dicom_objects.write import write_objects

        written += write_objects(
            answer,
            folder,
            formats,
            made=made,
            pdf=folder / REPORT if document else None,
            without_identifiers=without_identifiers,
        )
    return tuple(written)


def needs_images(formats: Collection[str], *, from_dicom: bool) -> bool:
    """Whether the voxels of the images are needed to write these formats.

    Args:
        formats: Some of ``FORMATS``.
        from_dicom: Whether there are DICOM files to refer to.
    """
    return PDF in formats or (bool(OBJECTS & set(formats)) and not from_dicom)


def left_out(segmentations: Mapping[str, Segmentation], formats: Collection[str]) -> Iterator[str]:
    """Sentences on what cannot be written, since nothing was drawn of it.

    Args:
        segmentations: By name, the consensus among them.
        formats: Some of ``FORMATS``.
    """
    drawing = [each.upper() for each in (SEG, REGIONS, RTSTRUCT) if each in formats]
    for name, segmentation in segmentations.items():
        if drawing and not segmentation.labels.any():
            yield f"{name} drew nothing; there is no {' and no '.join(drawing)} of it."


def check_formats(formats: Collection[str], opened: OpenedCase) -> None:
    """Refuse before any work what a case cannot be written as.

    Raises:
        InputError: for an image without the size of a voxel, which has no place in a hospital.
    """
    wanted = [each for each in FORMATS if each in formats and each in (*OBJECTS, PDF)]
    if wanted and not opened.case.voxel_size_known:
        raise InputError(
            f"{opened.case.name} came as pictures, whose pixels have no size, and cannot be "
            f"written as {', '.join(wanted)}; give a scan (--formats nifti writes PNG)."
        )
    if opened.examination is not None:
        for modality in opened.examination.dicom:
            grid = opened.examination.images[modality].grid.of_file
            check_overlapping(formats, grid.shape, name=opened.case.name)


def _write_report(answer: Answer, file: Path, made: datetime, read_seconds: float) -> Path:
    # Here: it brings fonts and pictures, which few runs need.
    from inference.io.export import write_whole
    from report.opened_record import record_of_opened
    from report.pdf import write_pdf

    record = record_of_opened(
        answer.opened,
        {
            # Pictures are of the voxels that the image was read on.
            name: segmentation_on(each, of=answer.case.grid, onto=answer.image.grid)
            for name, each in answer.segmentations.items()
        },
        onto=answer.onto,
        made=made,
        read_seconds=read_seconds,
    )
    write_whole(file, lambda unfinished: write_pdf(record, unfinished))
    return file
