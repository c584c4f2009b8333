"""Labels drawn on a small oblique series that was made up, and what is written of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from inference.dicom.exams import find_exams
from inference.dicom.volumes.series import SeriesHeader
from inference.dicom_objects.image_series import ImageSeries, series_of_dicom
from inference.dicom_objects.origin.instance import save
from inference.dicom_objects.result import Result, results_of
from inference.dicom_objects.write import Source, Writer
from inference.network.segmentation import Segmentation
from model_zoo.weights.provenance import Provenance
from tests.inference.dicom import made

MADE = datetime(2026, 11, 29, 10, 30, tzinfo=UTC)
ROWS, COLUMNS, PLANES = 26, 34, 10
EVERY = ("seg", "regions", "rtstruct", "sr")


def enlarge(dataset, index):
    """More pixels than a made-up slice has, so that there is room for a tumour with a hole."""
    dataset.Rows, dataset.Columns = ROWS, COLUMNS
    dataset.PixelData = np.full((ROWS, COLUMNS), 100 + index, np.uint16).tobytes()
    dataset.PatientBirthDate, dataset.PatientSex = "19540103", "F"
    dataset.AccessionNumber, dataset.StudyID, dataset.StudyTime = "A-17", "S3", "101500"


def drawn_labels() -> np.ndarray:
    """(planes, rows, columns): an enhancing ring with necrosis in oedema that has a hole."""
    row, column = np.mgrid[:ROWS, :COLUMNS]
    labels = np.zeros((PLANES, ROWS, COLUMNS), np.uint8)
    for plane in range(1, PLANES - 1):
        away = np.hypot(row - 12, column - 14 - 0.7 * plane)
        labels[plane][away < 9.5] = 2
        labels[plane][away < 6.5] = 3
        labels[plane][away < 3.5] = 1
        labels[plane][18:20, 10:13] = 0
    labels[5, 2:4, 2:4] = 2  # touches nothing
    return labels


@dataclass(frozen=True, eq=False)
class Answered:
    """A series with an answer on it."""

    header: SeriesHeader
    series: ImageSeries
    segmentation: Segmentation
    result: Result

    def write(self, folder: Path, formats=EVERY) -> dict[str, Path]:
        """By kind, the files of every object."""
        writer = Writer(Source(self.series, self.header.grid), folder, MADE)
        files = writer.objects(self.result, self.segmentation, formats)
        return {file.stem.split("_")[-1]: file for file in files}


def segmentation_of(labels: np.ndarray, header: SeriesHeader, **other) -> Segmentation:
    """What a model predicted.

    Args:
        labels: (planes, rows, columns), as the series has them.
        header: The series.
        other: Of the segmentation.
    """
    nothing = np.zeros((3, 0, 0, 0), np.float16)
    weights = Provenance("embedded", "c7f5446", "a" * 64)
    voxels = header.readable_grid.to_ras(labels.transpose(2, 1, 0))
    return Segmentation(
        **{
            "model": "unet",
            "labels": voxels,
            "probabilities": nothing,
            "box": (slice(0, 0),) * 3,
            "weights": weights,
        }
        | other
    )


def answered(
    folder: Path, labels: np.ndarray | None = None, *, echo: float = 94.0, **other
) -> Answered:
    """Labels on the only series in a folder that has this echo time."""
    [exam] = find_exams([folder]).exams
    [header] = [each for each in exam.series if each.facts.echo_time_ms == echo]
    segmentation = segmentation_of(drawn_labels() if labels is None else labels, header, **other)
    [result] = results_of({segmentation.model: segmentation}, header.readable_grid)
    return Answered(header, series_of_dicom(header), segmentation, result)


@pytest.fixture(scope="session")
def series_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    made.write_series(folder, edit=enlarge, slices=range(PLANES), spacing=1.0)
    return folder


@pytest.fixture(scope="session")
def answer(series_folder):
    return answered(series_folder)


@pytest.fixture(scope="session")
def files(answer, tmp_path_factory):
    """The objects of the answer, by kind."""
    return answer.write(tmp_path_factory.mktemp("objects"))


@pytest.fixture
def saved(tmp_path):
    def write(dataset):
        save(dataset, tmp_path / "object.dcm")
        return tmp_path / "object.dcm"

    return write
