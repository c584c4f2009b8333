"""Heads from label maps (SynthSeg's training set, Apache-2.0): any contrast, the mask known.

Source: Hoopes et al. 2022, SynthStrip (https://doi.org/10.1016/j.neuroimage.2022.119474): a
network that has seen every contrast at random need not know the sequence.
"""

from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy.ndimage import binary_fill_holes, distance_transform_edt

# Label 24 fills the skull around the brain and the spinal canal, so the mask is not the labels'
# envelope: it is the tissue with the furrows closed and a little fluid around it, as HD-BET draws
# it (Dice .989 inside the skull of a head drawn like a T1; .972 without the fluid).
_FURROW, _FLUID = 8.0, 2.0
_CSF, _CHIASM = 24, 85
_HIGH = (136, 137, 163, 164)

# Contrast groups, the labels of each, and what a T1, T2 and FLAIR show of them, white matter 1.
_GROUPS = {
    "air": ((0,), (0.0, 0.0, 0.0)),
    "white": ((2, 41, 7, 46, 16, 28, 60, 512, 85, 530), (1.0, 0.55, 0.65)),
    "grey": ((3, 42, 8, 47, 17, 53, 18, 54), (0.7, 0.8, 0.85)),
    "deep grey": ((10, 11, 12, 13, 26, 49, 50, 51, 52, 58), (0.82, 0.65, 0.75)),
    "csf": ((24, 4, 5, 14, 15, 43, 44, 30, 62, 72, 31, 63), (0.25, 1.5, 0.18)),
    "bone": ((515,), (0.12, 0.1, 0.1)),
    "marrow": ((516,), (1.1, 0.6, 0.6)),
    "muscle": ((507, 508), (0.55, 0.3, 0.4)),
    "fat": ((), (1.6, 0.9, 1.0)),
    "skin": ((511,), (1.2, 0.6, 0.8)),
    "blood": ((514, 502), (0.4, 0.2, 0.25)),
    "mucosa": ((509,), (0.6, 1.2, 1.1)),
    "eye": ((506,), (0.3, 1.5, 0.25)),
}
GROUPS = tuple(_GROUPS)
TYPICAL = np.array([look for _, look in _GROUPS.values()], np.float32).T
_OTHER = GROUPS.index("white")


@dataclass(frozen=True)
class LabelledHead:
    """One head to draw from.

    Args:
        name: Stem of its file.
        groups: (X, Y, Z) uint8 in RAS+, indices of ``GROUPS``.
        mask: (X, Y, Z) bool, the brain.
        spacing: Voxel size in mm.
    """

    name: str
    groups: np.ndarray
    mask: np.ndarray
    spacing: tuple[float, float, float]


def read_labelled_head(path: Path) -> LabelledHead:
    """One label map, as groups of contrast and the brain's mask."""
    image = nib.as_closest_canonical(nib.load(path))
    labels = np.asarray(image.dataobj).astype(int)
    spacing = tuple(float(size) for size in image.header.get_zooms()[:3])
    mask = brain_of(labels, spacing)
    return LabelledHead(path.name.split(".")[0], _grouped(labels), mask, spacing)


def brain_of(labels: np.ndarray, spacing: tuple[float, float, float]) -> np.ndarray:
    """The tissue of the brain, its furrows closed, with the fluid next to it."""
    inside = ((labels > 0) & (labels < 100)) | np.isin(labels, _HIGH)
    tissue = inside & (labels != _CSF) & (labels != _CHIASM)
    margin = int(np.ceil(_FURROW / min(spacing))) + 1
    padded = np.pad(tissue, margin)
    near = distance_transform_edt(~padded, sampling=spacing) <= _FURROW
    closed = distance_transform_edt(near, sampling=spacing) > _FURROW
    core = tuple(slice(margin, -margin) for _ in range(3))
    brain = binary_fill_holes(closed[core] & inside | tissue)
    return inside & (distance_transform_edt(~brain, sampling=spacing) <= _FLUID)


def _grouped(labels: np.ndarray) -> np.ndarray:
    table = np.full(labels.max() + 1, _OTHER, np.uint8)
    for index, (members, _) in enumerate(_GROUPS.values()):
        table[[label for label in members if label < len(table)]] = index
    return table[labels]
