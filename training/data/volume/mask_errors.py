"""What a brain mask gets wrong: a rim of the skull left on, or a bite taken out of the brain."""

from typing import Final

import numpy as np

from training.data.volume.tissue import as_tissue, ball

# Of the rim: how thick, and over how wide a part of the head.
RIM_MM: Final = (2.0, 6.0)
_RIM_RADIUS_MM: Final = (25.0, 60.0)
BITE_RADIUS_MM: Final = (6.0, 18.0)
# Fat is brighter than all of the brain, bone darker: percentiles of the brain.
_RIM_LEVELS: Final = (1.0, 99.0)


def bite_taken(
    volume: np.ndarray, truth: np.ndarray, spacing: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Take a ball out of the brain at its surface, in every modality; no tumour is left there.

    Args:
        volume: (C, X, Y, Z) float32, background 0.
        truth: (X, Y, Z) labels.
        spacing: (3,) voxel size in mm.
        random: Source of all randomness.

    Returns:
        Copies of both.
    """
    brain = (volume != 0).any(axis=0)
    centre = _place_on_surface(brain, random)
    bite = ball(brain.shape, centre, random.uniform(*BITE_RADIUS_MM), spacing)
    return np.where(bite, np.float32(0), volume), np.where(bite, truth.dtype.type(0), truth)


def rim_left(volume: np.ndarray, spacing: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Leave a rim around a part of the brain, as bright as fat or as dark as bone.

    Args:
        volume: (C, X, Y, Z) float32, background 0.
        spacing: (3,) voxel size in mm.
        random: Source of all randomness.

    Returns:
        A copy, with tissue added in every modality that there is.
    """
    from scipy import ndimage

    brain = (volume != 0).any(axis=0)
    centre = _place_on_surface(brain, random)
    near = ball(brain.shape, centre, random.uniform(*_RIM_RADIUS_MM), spacing)
    away = ndimage.distance_transform_edt(~brain, sampling=spacing)
    rim = near & ~brain & (away <= random.uniform(*RIM_MM))
    left = volume.copy()
    for image in left:
        inside = image[image != 0]
        if inside.size:
            low, high = np.percentile(inside, _RIM_LEVELS)
            level = random.uniform(low, high)
            grain = random.normal(0, 0.1 * (high - low), int(rim.sum()))
            image[rim] = as_tissue((level + grain).astype(np.float32))
    return left


def _place_on_surface(brain: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(3,) a voxel of the brain, the last one seen from its middle in a random direction."""
    inside = np.argwhere(brain)
    direction = random.normal(size=3)
    along = (inside - inside.mean(axis=0)) @ (direction / np.linalg.norm(direction))
    return inside[along.argmax()]
