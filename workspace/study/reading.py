"""Reading the headers of a study, and a small picture of each of its series."""

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from common.errors import InputError
from inference.dicom.exams import Exam, Found, find_exams
from inference.dicom.pixels import middle_slice
from inference.dicom.series import SeriesHeader
from workspace.jobs.background import Progress

_SIDE: Final = 96
_WINDOW_PERCENTILES: Final = (1.0, 99.5)
# A study of hundreds of series is an error of an archive; its table still has to open.
_MOST_PICTURES: Final = 80


@dataclass(frozen=True, eq=False)
class ReadStudy:
    """What lies in the files of a study.

    Args:
        found: Exams, and what else there was.
        pictures: By exam (its ordinal) and index of the series, a PNG in a ``data:`` address.
    """

    found: Found
    pictures: dict[tuple[int, int], str]

    def exam(self, ordinal: int | None) -> Exam | None:
        """The exam of this number, or the only one; None while it is not chosen."""
        exams = self.found.exams
        if len(exams) == 1:
            return exams[0]
        return next((exam for exam in exams if exam.ordinal == ordinal), None)


def read_study(folder: Path, progress: Progress) -> ReadStudy:
    """Read all headers, then the middle slice of each series.

    Args:
        folder: Of the files.
        progress: Counts the files.

    Raises:
        InputError: where there are too many files.
        InterruptedError: where it was stopped.
    """
    progress.step("headers")
    found = find_exams([folder], progress=progress.count, cancelled=progress.is_unwanted)
    progress.step("pictures")
    pictures: dict[tuple[int, int], str] = {}
    for exam in found.exams:
        for index, series in enumerate(exam.series[:_MOST_PICTURES]):
            progress.check()
            picture = _picture(series)
            if picture is not None:
                pictures[exam.ordinal, index] = picture
    return ReadStudy(found, pictures)


def _picture(series: SeriesHeader) -> str | None:
    """The middle slice in its true proportions; None where it cannot be read, as its row says."""
    try:
        pixels = middle_slice(series)
    except InputError:
        return None
    across, down = (series.facts.spacing_mm or (1.0, 1.0, 1.0))[:2]
    rows, columns = pixels.shape
    scale = _SIDE / max(columns * across, rows * down)
    size = (max(1, round(columns * across * scale)), max(1, round(rows * down * scale)))
    stream = io.BytesIO()
    Image.fromarray(_greys(pixels)).resize(size, Image.Resampling.BILINEAR).save(stream, "PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def _greys(pixels: np.ndarray) -> np.ndarray:
    low, high = np.percentile(pixels, _WINDOW_PERCENTILES)
    share = (pixels - low) / max(float(high - low), 1e-6)
    return (np.clip(share, 0, 1) * 255).astype(np.uint8)
