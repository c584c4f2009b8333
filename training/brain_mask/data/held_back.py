"""Heads that the brain-mask network has not learned from, with the mask each is held against."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np

from inference.geometry.native_grid import NativeGrid
from training.brain_mask.data.label_maps import GROUPS, TYPICAL, LabelledHead, read_labelled_head
from training.brain_mask.data.lgg import patients_of, read_head
from training.brain_mask.data.study import read_study

# Names as tables and files show them; the LGG set has no T2.
_LGG_NAMES = ("T1", "FLAIR", "T1c")
_KINDS = ("T1", "T2", "FLAIR", "T1c")
# How much brighter contrast agent makes a T1.
_ENHANCES = {"blood": 4.0, "mucosa": 2.0}
_NOISE, _SLICE = 0.04, 2
_HALF = 128


@dataclass(frozen=True, eq=False)
class HeldBack:
    """An image and the mask it is held against.

    Args:
        group: ``lgg``, ``label_maps`` or ``study``.
        name: Of the head.
        sequence: What was shown of it.
        image: (X, Y, Z) float32 in RAS+ order.
        truth: (X, Y, Z) bool.
        grid: The grid of both.
    """

    group: str
    name: str
    sequence: str
    image: np.ndarray
    truth: np.ndarray
    grid: NativeGrid


def lgg_tests(folder: Path, taught: Path, split: str = "test") -> Iterator[HeldBack]:
    """Every channel of the LGG heads of a split that is no copy, against the teacher's mask."""
    for patient in patients_of(folder, split):
        head = read_head(folder, patient, split)
        truth = np.load(taught / f"{patient}.npz")["probability"] >= _HALF
        grid = _grid(truth.shape, head.spacing)
        for channel in head.real_channels:
            image = head.channels[channel].astype(np.float32)
            yield HeldBack("lgg", patient, _LGG_NAMES[channel], image, truth, grid)


def label_map_tests(folder: Path, held_back: tuple[str, ...]) -> Iterator[HeldBack]:
    """Held-back label maps as a T1, T1c, T2 and FLAIR of slices of 4 mm."""
    for name in held_back:
        head = read_labelled_head(folder / f"{name}.nii.gz")
        for number, sequence in enumerate(_KINDS):
            image = _drawn(head, sequence, number)
            grid = _grid(head.mask.shape, head.spacing)
            yield HeldBack("label_maps", name, sequence, image, head.mask, grid)


def study_tests(folder: Path, taught: Path) -> Iterator[HeldBack]:
    """Every series of an examination, against the teacher's mask of it."""
    for series in read_study(folder):
        file = taught / f"study_{series.sequence}.npz"
        truth = np.load(file)["probability"] >= _HALF
        yield HeldBack("study", folder.name, series.sequence, series.image, truth, series.grid)


def _drawn(head: LabelledHead, sequence: str, seed: int) -> np.ndarray:
    looks = TYPICAL[_KINDS.index(sequence) % len(TYPICAL)].copy()
    if sequence == "T1c":
        for group, times in _ENHANCES.items():
            looks[GROUPS.index(group)] *= times
    shown = looks[head.groups]
    depth = shown.shape[2] // _SLICE
    thick = shown[..., : depth * _SLICE].reshape(*shown.shape[:2], depth, _SLICE).mean(-1)
    image = np.repeat(thick, _SLICE, axis=2)
    image = np.pad(image, [(0, 0), (0, 0), (0, shown.shape[2] - image.shape[2])], "edge")
    noise = np.random.default_rng(seed).normal(0, _NOISE, image.shape)
    return np.abs(image + noise).astype(np.float32)


def _grid(shape: tuple[int, ...], spacing: tuple[float, float, float]) -> NativeGrid:
    empty = np.broadcast_to(np.uint8(0), shape)
    return NativeGrid.of(nib.Nifti1Image(empty, np.diag([*spacing, 1.0])))
