"""A study of DICOM that is read, prepared and answered within a second: a ball in a ball."""

from pathlib import Path

import numpy as np

from inference.preparation.opened_case import OpenedCase, PreparationOptions, prepared
from inference.study.dicom_examination import read_dicom_examination
from tests.inference.dicom import made

SIDE, SLICES = 40, 24
PIXEL_MM, SLICE_MM = 4.0, 6.0


def write_small_study(folder: Path) -> Path:
    """Write a FLAIR and a T1c of one patient, ``Doe^Jane``."""
    places = {"slices": range(SLICES), "spacing": SLICE_MM}
    made.write_series(folder / "flair", edit=_head, **places)
    about = {"series": "T1 post contrast", "number": 7}
    made.write_series(folder / "t1c", edit=_t1c, **places, **about)
    return folder


def open_small_study(folder: Path) -> OpenedCase:
    """Read and prepare it; its brain is all that is not black."""
    options = PreparationOptions("always", find_brain=lambda: lambda image, grid: image > 0)
    return prepared(read_dicom_examination([folder]), options)


def _head(dataset, index):
    """A ball of tissue with a brighter one in it."""
    row, column = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    away = np.sqrt(row**2 + column**2 + ((index - SLICES / 2) * SLICE_MM / PIXEL_MM) ** 2)
    voxels = np.where(away < 17, 300 + 40 * np.cos(row / 2) + index, 0)
    voxels[away < 5] = 700
    dataset.Rows = dataset.Columns = SIDE
    dataset.PixelSpacing = [PIXEL_MM, PIXEL_MM]
    dataset.PixelData = voxels.astype(np.uint16).tobytes()


def _t1c(dataset, index):
    _head(dataset, index)
    dataset.EchoTime, dataset.RepetitionTime = 10.0, 500.0
    del dataset.InversionTime
