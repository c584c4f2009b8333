"""Modalities that do not lie on each other quite: what a rigid alignment leaves."""

from typing import Final

import numpy as np

from training.data.volume.tissue import as_tissue

SHIFT_MM: Final = (1.0, 2.0)
_HALF: Final = 0.5


def misaligned(volume: np.ndarray, spacing: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Move each modality but one by 1 to 2 mm, each in a direction of its own.

    Args:
        volume: (C, X, Y, Z) float32, background 0.
        spacing: (3,) voxel size in mm.
        random: Source of all randomness.

    Returns:
        A copy; a modality that is missing stays so.
    """
    there = [number for number, image in enumerate(volume) if image.any()]
    stays = random.choice(there) if there else None
    moved = volume.copy()
    for number, image in enumerate(volume):
        direction = random.normal(size=3)
        offset = random.uniform(*SHIFT_MM) * direction / np.linalg.norm(direction)
        if number in there and number != stays:
            moved[number] = shifted(image, offset / spacing)
    return moved


def shifted(image: np.ndarray, voxels: np.ndarray) -> np.ndarray:
    """(X, Y, Z) moved by so many voxels; its mask, all that is not 0, moves with it."""
    from scipy import ndimage

    tissue = (image != 0).astype(np.float32)
    share = ndimage.shift(tissue, voxels, order=1)
    values = ndimage.shift(image, voxels, order=1) / np.where(share > 0, share, 1)
    return np.where(share > _HALF, as_tissue(values), np.float32(0))
