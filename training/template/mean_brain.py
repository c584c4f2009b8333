"""The mean of the training brains: the space that the networks know, as one small image."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.preparation.template import grid_of
from training.data.patients import split_cases

# T1 and T1c show the same tissue as most sequences do; mutual information needs no more.
_MODALITY: Final = "t1"
_FACTOR: Final = 2
# A brain's median becomes this, so that twice the median is still below 255.
_MEDIAN: Final = 100.0


def mean_brain(cases: Iterable[Case]) -> nib.Nifti1Image:
    """The mean T1 of several brains, each divided by its median, in 8 bits and voxels of 2 mm.

    Args:
        cases: Brains laid on one atlas, 1 mm, background 0; those without all modalities, whose
            intensities may have been changed at their source, are passed over.
    """
    total, count, grid = 0.0, 0, None
    for case in cases:
        if case.missing:
            continue
        image = case.volume[MODALITIES.index(_MODALITY)]
        total = total + image / np.median(image[image != 0])
        count, grid = count + 1, case.grid
    mean = _binned(total / count)
    affine = grid.ras_affine @ nib.affines.from_matvec(np.eye(3) * _FACTOR, [(_FACTOR - 1) / 2] * 3)
    voxels = np.clip(np.rint(mean * _MEDIAN), 0, 255).astype(np.uint8)
    header = grid_of(voxels.shape, affine).header
    header.set_data_dtype(np.uint8)
    return nib.Nifti1Image(voxels, affine, header)


def write_template(data: Path, file: Path) -> None:
    """Write the template from the training patients of a data set.

    Raises:
        InputError: if a case is missing.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    names = split_cases(data, "train", partial=True)
    nib.save(mean_brain(_read(data / name) for name in names), file)


def _read(folder: Path) -> Case:
    with open_cases([folder]) as (files,):
        return read_case(replace(files, truth=None))


def _binned(image: np.ndarray) -> np.ndarray:
    """Means of blocks of voxels; what does not fill a block at the end is left out."""
    x, y, z = (size // _FACTOR for size in image.shape)
    blocks = image[: x * _FACTOR, : y * _FACTOR, : z * _FACTOR]
    return blocks.reshape(x, _FACTOR, y, _FACTOR, z, _FACTOR).mean(axis=(1, 3, 5))
