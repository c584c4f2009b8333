"""All objects of one answer in a folder, each with a name that names nobody."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset

from inference.dicom.volumes.series import SeriesHeader
from inference.dicom_objects.derived_images import DerivedImages, derived_images, write_images
from inference.dicom_objects.description.structures import parts_of, regions_of
from inference.dicom_objects.document import pdf_document
from inference.dicom_objects.figures import figures_of
from inference.dicom_objects.image_series import ImageSeries, series_of_dicom
from inference.dicom_objects.limits import check_overlapping
from inference.dicom_objects.origin.instance import save
from inference.dicom_objects.origin.patient import patient_and_study
from inference.dicom_objects.origin.pseudonym import pseudonym_of
from inference.dicom_objects.result import Result, results_of
from inference.dicom_objects.rtstruct import structure_set
from inference.dicom_objects.seg import segmentation_object
from inference.dicom_objects.structured_report import structured_report
from inference.geometry.native_grid import NativeGrid
from inference.io.scan_images import ScanImage
from inference.network.segmentation import Segmentation
from inference.preparation.answer import Answer
from inference.preparation.native_answer import segmentation_on

IMAGES_FOLDER: Final = "images"
DOCUMENT: Final = "report.dcm"


@dataclass(frozen=True, eq=False)
class Source:
    """What an answer lies on.

    Args:
        series: What the objects refer to.
        grid: Its own.
        images: That series itself, where it has to be written beside them.
    """

    series: ImageSeries
    grid: NativeGrid
    images: DerivedImages | None = None


def source_of(
    image: ScanImage, header: SeriesHeader | None, *, without_identifiers: bool = False
) -> Source:
    """The series of an image: its own DICOM files, or one derived from its voxels.

    Args:
        image: As it was read; its voxels are needed where there are no DICOM files to refer to.
        header: Its series, where it came as DICOM.
        without_identifiers: Whether a derived one is wanted even so.

    Raises:
        InputError: where a file of the series is gone, or its grid has no place in DICOM.
    """
    if header is not None and not without_identifiers:
        return Source(series_of_dicom(header), image.grid.of_file)
    images = derived_images(image, patient=None if header is None else _pseudonym(header))
    return Source(images.series, image.grid, images)


def _pseudonym(header: SeriesHeader) -> str | None:
    first = next(frame for frame in header.slices if frame is not None)
    return pseudonym_of(patient_and_study(first.path))


@dataclass(frozen=True, eq=False)
class Writer:
    """Writes the objects of one answer.

    Args:
        source: What it lies on.
        folder: Gets the files.
        made: When.
    """

    source: Source
    folder: Path
    made: datetime

    def images(self) -> tuple[Path, ...]:
        """The series itself, in a folder of its own; nothing where it has its files already."""
        if self.source.images is None:
            return ()
        return write_images(self.source.images, self.folder / IMAGES_FOLDER, made=self.made)

    def results(self, segmentations: Mapping[str, Segmentation]) -> tuple[Result, ...]:
        """What was predicted, on the planes of the series.

        Args:
            segmentations: By name, the consensus among them; on the grid of the series.
        """
        return results_of(segmentations, self.source.grid)

    def objects(
        self, result: Result, segmentation: Segmentation, formats: Collection[str]
    ) -> Iterator[Path]:
        """SEG, structure set and report of one result, as far as there is anything to write.

        A report refers to the segmentation of the regions, which is written with it.

        Args:
            result: What was predicted, on the planes of the series.
            segmentation: The same on the grid in RAS+ order.
            formats: Some of ``"seg"``, ``"regions"``, ``"rtstruct"`` and ``"sr"``.
        """
        series, made = self.source.series, self.made
        if "seg" in formats:
            parts = parts_of(result.regions)
            seg = segmentation_object(result, series, parts, kind="parts", made=made)
            yield from self._saved(seg, f"{result.name}_seg.dcm")
        regions = None
        if {"regions", "sr"} & set(formats):
            regions = segmentation_object(
                result, series, regions_of(result.regions), kind="regions", made=made
            )
            yield from self._saved(regions, f"{result.name}_regions.dcm")
        if "rtstruct" in formats:
            contours = structure_set(result, series, made=made)
            yield from self._saved(contours, f"{result.name}_rtstruct.dcm")
        if "sr" in formats:
            figures = figures_of(segmentation, self.source.grid)
            report = structured_report(result, figures, series, regions, made=made)
            yield from self._saved(report, f"{result.name}_sr.dcm")

    def document(self, pdf: Path, results: Sequence[Result]) -> Path:
        """The PDF report as an object of the study."""
        document = pdf_document(pdf.read_bytes(), results, self.source.series, made=self.made)
        [file] = self._saved(document, DOCUMENT)
        return file

    def _saved(self, dataset: Dataset | None, name: str) -> Iterator[Path]:
        if dataset is not None:
            file = self.folder / name
            save(dataset, file)
            yield file


def write_objects(
    answer: Answer,
    folder: Path,
    formats: Collection[str],
    *,
    made: datetime,
    pdf: Path | None = None,
    without_identifiers: bool = False,
) -> tuple[Path, ...]:
    """Write all objects of an answer.

    Args:
        answer: The answer.
        folder: Gets the files.
        formats: As of :meth:`Writer.objects`.
        made: When.
        pdf: A report, to be written as a document too.
        without_identifiers: As of :func:`source_of`.

    Returns:
        The files, in the order in which an archive may be sent them.

    Raises:
        InputError: as of :func:`source_of` and of :func:`check_overlapping`.
    """
    source = source_of(answer.image, answer.series, without_identifiers=without_identifiers)
    check_overlapping(formats, source.grid.shape, name=answer.case.name)
    writer = Writer(source, folder, made)
    of, onto = answer.case.grid, source.grid
    segmentations = {
        name: segmentation_on(each, of=of, onto=onto) for name, each in answer.segmentations.items()
    }
    results = writer.results(segmentations)
    written = list(writer.images())
    for result in results:
        written += writer.objects(result, segmentations[result.name], formats)
    if pdf is not None:
        written.append(writer.document(pdf, results))
    return tuple(written)
