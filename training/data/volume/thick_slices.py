"""Slices of several millimetres, interpolated back: how thick-sliced scans come to voxels of 1 mm.

Such a scan is a mean over the thickness of its slices (Adewole et al. 2023, BraTS-Africa: 5 to
6 mm), and what lies between them is a straight line.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from inference.case import Case
from training.data.volume.tissue import as_tissue

THICKNESS_MM: Final = (3.0, 6.0)


def thick_slices(
    image: np.ndarray, *, thickness_mm: float, spacing_mm: float, start: float = 0.0
) -> np.ndarray:
    """Average over slices of a thickness along the last axis, and interpolate back.

    Args:
        image: (X, Y, Z) float32, background 0, which stays so: the mean is over tissue.
        thickness_mm: Of the slices made, which touch each other.
        spacing_mm: From one slice of the image to the next. Thicker ones than those that are to
            be made stay as they are.
        start: Where the first begins: the share of its thickness that lies before the image.

    Returns:
        A copy.
    """
    if thickness_mm <= spacing_mm:
        return image.copy()
    there_and_back = slice_matrix(image.shape[2], thickness_mm / spacing_mm, start)
    tissue = (image != 0).astype(np.float32)
    share = tissue @ there_and_back.T
    values = (image @ there_and_back.T) / np.where(share > 0, share, 1)
    return np.where(tissue > 0, as_tissue(values), np.float32(0))


def thick_copy(case: Case, thickness_mm: float) -> Case:
    """The same case, every modality in slices of a thickness, interpolated back."""
    made = [
        thick_slices(image, thickness_mm=thickness_mm, spacing_mm=case.spacing[2])
        for image in case.volume
    ]
    return replace(case, volume=np.stack(made))


def slice_matrix(count: int, thickness: float, start: float = 0.0) -> np.ndarray:
    """(Z, Z) float32: the mean over every slice, then a straight line between their middles.

    Args:
        count: Z, slices of the image.
        thickness: Of those made, in slices of the image.
        start: See :func:`thick_slices`.
    """
    edges = np.arange(-start * thickness, count + thickness, thickness)
    low, high = edges[:-1, None], edges[1:, None]
    here = np.arange(count)
    covered = np.clip(np.minimum(high, here + 1) - np.maximum(low, here), 0, None)
    covered = covered[covered.sum(axis=1) > 0]
    means = covered / covered.sum(axis=1, keepdims=True)
    middles = means @ (here + 0.5)
    back = np.stack([np.interp(here + 0.5, middles, row) for row in np.eye(len(middles))], axis=1)
    return (back @ means).astype(np.float32)
