"""A BraTS patient as a hospital might have scanned them: own thick grids, a head that moves.

The skull stays off: what is measured is the cost of geometry, with the brain mask given.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from nibabel.affines import from_matvec

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import resample
from inference.io.scan_images import ScanImage
from inference.preparation.interpolation import read_once
from inference.preparation.native_space import labels_on
from inference.preparation.template import grid_of

# Slices in mm and the plane they are cut in, as examinations often have them.
_PLANES: Final = {"t1": (5.0, 0), "t1c": (1.0, 2), "t2": (5.0, 2), "flair": (5.0, 2)}
_THICK_T1C_MM: Final = 3.0
_PIXEL_MM: Final = 0.9
_MOST_TURN_DEGREES: Final = 8.0
_MOST_SHIFT_MM: Final = 30.0
_OBLIQUE_DEGREES: Final = 12.0
_MARGIN_MM: Final = 8.0


@dataclass(frozen=True, eq=False)
class MadeUpScan:
    """An examination made of a case.

    Args:
        images: One for each modality, on a grid of its own.
        truths: By modality, (X, Y, Z) uint8 in RAS+ order on the grid of its image.
        motions: By modality, (4, 4) from the world of the image to that of the case, in mm.
    """

    images: list[ScanImage]
    truths: dict[str, np.ndarray]
    motions: dict[str, np.ndarray]


def scan_like_a_hospital(
    case: Case, *, seed: int, thick_t1c: bool = False, pixel_mm: float = _PIXEL_MM
) -> MadeUpScan:
    """Scan a case again: slices of 5 mm in tilted planes, the head moved in every sequence.

    Args:
        case: With truth.
        seed: Of the motions and the tilts.
        thick_t1c: Whether the T1c has slices of 3 mm too, not voxels of 1 mm.
        pixel_mm: Size of a pixel; slices are no thinner.
    """
    random = np.random.default_rng(seed)
    images, truths, motions = [], {}, {}
    for modality in case.present:
        slice_mm, normal = _PLANES[modality]
        if modality == "t1c" and thick_t1c:
            slice_mm = _THICK_T1C_MM
        spacing = np.full(3, pixel_mm)
        spacing[normal] = max(slice_mm, pixel_mm)
        motion = _motion(case, random)
        grid = _grid(case, motion, spacing, random)
        volume = case.volume[MODALITIES.index(modality)]
        there = {"of": case.grid, "onto": grid, "motion": motion}
        brain = resample((volume != 0).astype(np.float32), **there) >= 0.5
        voxels = np.where(brain, np.maximum(_averaged(volume, grid, there), 1e-3), 0)
        images.append(ScanImage(modality, modality, voxels.astype(np.float32), grid))
        truths[modality] = labels_on(case.truth, **there)
        motions[modality] = motion
    return MadeUpScan(images, truths, motions)


def _averaged(volume: np.ndarray, grid: NativeGrid, there: dict) -> np.ndarray:
    """A slice is the mean of what lies within its thickness."""
    return read_once(volume, **there)


def _motion(case: Case, random: np.random.Generator) -> np.ndarray:
    """(4, 4) about the middle of the head, turned and shifted at random up to the limits."""
    axis = random.normal(size=3)
    turn = _rotation(axis, random.uniform(0.3, 1) * _MOST_TURN_DEGREES)
    direction = random.normal(size=3)
    shift = direction / np.linalg.norm(direction) * random.uniform(0.2, 1) * _MOST_SHIFT_MM
    middle = _middle(case)
    return from_matvec(turn, middle + shift - turn @ middle)


def _grid(
    case: Case, motion: np.ndarray, spacing: np.ndarray, random: np.random.Generator
) -> NativeGrid:
    """A grid that holds the whole head where the motion brought it, its planes tilted."""
    tilt = _rotation(random.normal(size=3), random.uniform(0, 1) * _OBLIQUE_DEGREES)
    tissue = np.argwhere(case.volume.any(axis=0)[::4, ::4, ::4]) * 4
    places = np.linalg.inv(motion) @ case.grid.ras_affine @ np.c_[tissue, np.ones(len(tissue))].T
    along = tilt.T @ places[:3]
    low, high = along.min(axis=1) - _MARGIN_MM, along.max(axis=1) + _MARGIN_MM
    shape = np.ceil((high - low) / spacing).astype(int)
    affine = from_matvec(tilt * spacing, tilt @ (low + spacing / 2))
    return grid_of(tuple(int(n) for n in shape), affine)


def _middle(case: Case) -> np.ndarray:
    index = np.argwhere(case.volume.any(axis=0)).mean(axis=0)
    return (case.grid.ras_affine @ np.append(index, 1))[:3]


def _rotation(axis: np.ndarray, degrees: float) -> np.ndarray:
    """(3, 3) turn about an axis (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(degrees)
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
