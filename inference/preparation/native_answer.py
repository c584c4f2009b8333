"""A case and its segmentations on the grid of a sequence as the scanner wrote it."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import NEAREST, resample
from inference.io.scan_images import ScanImage
from inference.io.truths.truth import Truth
from inference.network.segmentation import Segmentation
from inference.preparation.interpolation import read_once
from inference.preparation.native_space import box_on, labels_on, part_of, shares_on
from inference.preparation.prepare import Preparation


def native_case(
    preparation: Preparation,
    images: Mapping[str, ScanImage],
    *,
    onto: str,
    truth: tuple[Truth, NativeGrid] | None = None,
) -> Case:
    """The examination as it came: every sequence on the grid of one, with its skull.

    Args:
        preparation: What was done to it.
        images: By modality, as they were read.
        onto: The modality whose grid it is.
        truth: A truth and its own grid, where there is one.
    """
    case = native_frames(preparation, onto=onto, truth=truth)
    return replace(case, volume=_volume_on(preparation, images, onto))


def native_frames(
    preparation: Preparation, *, onto: str, truth: tuple[Truth, NativeGrid] | None = None
) -> Case:
    """The same without voxels, for who writes labels and computes volumes: it takes no memory.

    Args:
        preparation: As of :func:`native_case`.
        onto: As there.
        truth: As there.
    """
    there = preparation.sequences[onto]
    nothing = np.broadcast_to(np.float32(0), (len(MODALITIES), *there.grid.ras_shape))
    case = replace(preparation.case, volume=nothing, grid=there.grid)
    return case if truth is None else _with_truth(case, *truth)


def _volume_on(preparation: Preparation, images: Mapping[str, ScanImage], onto: str) -> np.ndarray:
    """(4, X, Y, Z) float32: every sequence on the grid of one."""
    there = preparation.sequences[onto]
    volume = np.zeros((len(MODALITIES), *there.grid.ras_shape), np.float32)
    for modality, sequence in preparation.sequences.items():
        channel = volume[MODALITIES.index(modality)]
        if modality == onto:
            channel[...] = images[modality].voxels
            continue
        motion = sequence.from_working @ np.linalg.inv(there.from_working)
        channel[...] = read_once(
            images[modality].voxels, of=sequence.grid, onto=there.grid, motion=motion
        )
    return volume


def native_segmentation(
    segmentation: Segmentation,
    preparation: Preparation,
    *,
    onto: str,
    with_probabilities: bool = True,
) -> Segmentation:
    """What a model predicted, on the grid of one sequence.

    Args:
        segmentation: On the working grid.
        preparation: What was done to the examination.
        onto: The modality whose grid it is.
        with_probabilities: Whether they are brought back too; without them the box is empty.

    Returns:
        The same with its label map voted region by region and its probabilities averaged over the
        extent of each voxel.
    """
    working, there = preparation.case, preparation.sequences[onto]
    back = np.linalg.inv(there.from_working)
    labels = labels_on(segmentation.labels, of=working.grid, onto=there.grid, motion=back)
    if not with_probabilities:
        empty = np.zeros((len(segmentation.probabilities), 0, 0, 0), np.float16)
        return replace(segmentation, labels=labels, probabilities=empty, box=(slice(0, 0),) * 3)
    box = box_on(segmentation.box, of=working.grid, onto=there.grid, motion=back)
    shares = shares_on(
        segmentation.probabilities.astype(np.float32),
        of=part_of(working.grid, segmentation.box),
        onto=part_of(there.grid, box),
        motion=back,
    )
    return replace(segmentation, labels=labels, probabilities=shares.astype(np.float16), box=box)


def native_brain(preparation: Preparation, *, onto: str) -> np.ndarray:
    """The brain mask on the grid of one sequence: (X, Y, Z) bool in RAS+ order.

    Args:
        preparation: What was done to the examination.
        onto: The modality whose grid it is.
    """
    there = preparation.sequences[onto]
    back = np.linalg.inv(there.from_working)
    # As a label of its own: at least half of a voxel must be brain.
    mask = preparation.brain.astype(np.uint8)
    return labels_on(mask, of=preparation.case.grid, onto=there.grid, motion=back) > 0


def _with_truth(case: Case, truth: Truth, grid: NativeGrid) -> Case:
    """A truth lies on a grid of its own; onto another it is read by nearest neighbour."""
    labels = truth.labels
    if labels is not None and grid.differs_from(case.grid):
        labels = resample(labels, of=grid, onto=case.grid, order=NEAREST)
    return replace(
        case, truth=labels, truth_regions=truth.regions, notes=(*case.notes, *truth.notes)
    )
