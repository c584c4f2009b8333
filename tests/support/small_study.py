"""A study of DICOM that is read and answered within a second: a ball in a ball."""

from pathlib import Path

import numpy as np

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.preparation.opened_case import OpenedCase
from inference.preparation.poses import Pose, reference_of
from inference.preparation.prepare import Preparation, Sequence3D
from inference.study.dicom_examination import read_dicom_examination
from inference.study.examination import Examination
from tests.inference.dicom import made

SIDE, SLICES = 40, 24
PIXEL_MM, SLICE_MM = 1.0, 1.5


def write_small_study(folder: Path) -> Path:
    """Write a FLAIR and a T1c of one patient, ``Doe^Jane``."""
    places = {"slices": range(SLICES), "spacing": SLICE_MM}
    made.write_series(folder / "flair", edit=draw_head, **places)
    about = {"series": "T1 post contrast", "number": 7}
    made.write_series(folder / "t1c", edit=_t1c, **places, **about)
    return folder


def open_small_study(folder: Path) -> OpenedCase:
    """Read it, and have it prepared where it lies: aligning it would take ten seconds."""
    return where_it_lies(read_dicom_examination([folder]))


def where_it_lies(examination: Examination) -> OpenedCase:
    """A study that is called prepared as it is, on the grid of its T1c or of what there is."""
    grid = examination.images[reference_of(examination.images)].grid
    volume = np.zeros((len(MODALITIES), *grid.ras_shape), np.float32)
    for modality, image in examination.images.items():
        volume[MODALITIES.index(modality)] = image.voxels
    still = Pose(np.eye(4), 0.0, 0.0)
    sequences = {
        modality: Sequence3D(image.name, image.grid, still, np.eye(4))
        for modality, image in examination.images.items()
    }
    case = Case(examination.name, volume, tuple(m for m in MODALITIES if m in sequences), grid)
    preparation = Preparation(case, volume.any(axis=0), sequences, still)
    return OpenedCase(case, preparation, examination)


def draw_head(dataset, index):
    """A ball of tissue with a brighter one in it."""
    row, column = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    away = np.sqrt(row**2 + column**2 + ((index - SLICES / 2) * SLICE_MM / PIXEL_MM) ** 2)
    voxels = np.where(away < 17, 300 + 40 * np.cos(row / 2) + index, 0)
    voxels[away < 5] = 700
    dataset.Rows = dataset.Columns = SIDE
    dataset.PixelSpacing = [PIXEL_MM, PIXEL_MM]
    dataset.PixelData = voxels.astype(np.uint16).tobytes()


def make_t1c(dataset):
    """Times as of a T1."""
    dataset.EchoTime, dataset.RepetitionTime = 10.0, 500.0
    del dataset.InversionTime


def _t1c(dataset, index):
    draw_head(dataset, index)
    make_t1c(dataset)
