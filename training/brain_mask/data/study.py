"""The series of one examination, read for evaluation alone; told apart by their own numbers."""

from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK

from inference.geometry.native_grid import NativeGrid

_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_LONG_TI, _LONG_TE = 1500.0, 60.0


@dataclass(frozen=True, eq=False)
class StudyImage:
    """One series.

    Args:
        sequence: ``T1``, ``T1c``, ``T2`` or ``FLAIR``, with ``_3D`` for one that is not of slices.
        image: (X, Y, Z) float32 in RAS+ order.
        grid: Its grid.
    """

    sequence: str
    image: np.ndarray
    grid: NativeGrid


def read_study(folder: Path) -> list[StudyImage]:
    """Every series below a folder, each in a folder of its own."""
    found = []
    for place in sorted({path.parent for path in folder.rglob("*.dcm")}):
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(place)))
        reader.MetaDataDictionaryArrayUpdateOn()
        found.append(_image(reader.Execute(), _sequence(reader)))
    return found


def _image(volume: SimpleITK.Image, sequence: str) -> StudyImage:
    affine = np.eye(4)
    turn = np.array(volume.GetDirection()).reshape(3, 3)
    affine[:3, :3] = turn * np.array(volume.GetSpacing())
    affine[:3, 3] = volume.GetOrigin()
    voxels = SimpleITK.GetArrayFromImage(volume).transpose(2, 1, 0).astype(np.float32)
    grid = NativeGrid.of(nib.Nifti1Image(voxels, _TO_RAS @ affine))
    return StudyImage(sequence, np.ascontiguousarray(grid.to_ras(voxels)), grid)


def _sequence(reader: SimpleITK.ImageSeriesReader) -> str:
    def number(key: str) -> float:
        return float(reader.GetMetaData(0, key)) if reader.HasMetaDataKey(0, key) else 0.0

    if number("0018|0082") > _LONG_TI:
        return "FLAIR"
    if number("0018|0081") > _LONG_TE:
        return "T2"
    # Scanners write the tag of the contrast agent empty where it is given by hand.
    weighting = "T1c" if reader.HasMetaDataKey(0, "0018|0010") else "T1"
    return weighting + ("_3D" if reader.GetMetaData(0, "0018|0023").strip() == "3D" else "")
