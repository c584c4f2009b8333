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
from inference.preparation.drawn_space import drawn_on
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
    preparation: Preparation,
    *,
    onto: str,
    truth: tuple[Truth, NativeGrid] | None = None,
    of_file: bool = False,
) -> Case:
    """The same without voxels, for who writes labels and computes volumes: it takes no memory.

    Args:
        preparation: As of :func:`native_case`.
        onto: As there.
        truth: As there.
        of_file: Whether on the voxels of the file, where it was read on larger ones.
    """
    grid = preparation.sequences[onto].grid
    grid = grid.of_file if of_file else grid
    case = replace(preparation.case, volume=_nothing_on(grid), grid=grid)
    return case if truth is None else _with_truth(case, *truth)


def case_of_file(case: Case) -> Case:
    """A case without voxels on the voxels of its file, where it was read on larger ones.

    Args:
        case: One that was not prepared.
    """
    grid = case.grid.of_file
    if grid is case.grid:
        return case
    truth = case.stored_truth
    if truth is None and case.truth is not None:
        truth = resample(case.truth, of=case.grid, onto=grid, order=NEAREST)
    return replace(case, volume=_nothing_on(grid), grid=grid, truth=truth, stored_truth=None)


def segmentation_on(
    segmentation: Segmentation, *, of: NativeGrid, onto: NativeGrid
) -> Segmentation:
    """What was predicted on voxels of another size; without its probabilities, if those differ.

    Args:
        segmentation: On the grid ``of``.
        of: Its grid.
        onto: Another grid of the same image.
    """
    if of.differs_from(onto) is None:
        return segmentation
    labels = labels_on(segmentation.labels, of=of, onto=onto, motion=np.eye(4))
    return _without_probabilities(segmentation, labels)


def labels_of_file(case: Case, labels: np.ndarray) -> tuple[Case, np.ndarray]:
    """A label map on the voxels of the file, and the case that they are of.

    Args:
        case: One that is shown on the voxels it was read on.
        labels: (X, Y, Z) uint8 in RAS+ order, on these.
    """
    grid = case.grid.of_file
    if grid is case.grid:
        return case, labels
    back = labels_on(labels, of=case.grid, onto=grid, motion=np.eye(4))
    return replace(case, volume=_nothing_on(grid), grid=grid), back


def _nothing_on(grid: NativeGrid) -> np.ndarray:
    return np.broadcast_to(np.float32(0), (len(MODALITIES), *grid.ras_shape))


def _without_probabilities(segmentation: Segmentation, labels: np.ndarray) -> Segmentation:
    empty = np.zeros((len(segmentation.probabilities), 0, 0, 0), np.float16)
    return replace(segmentation, labels=labels, probabilities=empty, box=(slice(0, 0),) * 3)


def _volume_on(preparation: Preparation, images: Mapping[str, ScanImage], onto: str) -> np.ndarray:
    """(4, X, Y, Z) float32: every sequence on the grid of one."""
    volume = np.zeros((len(MODALITIES), *preparation.sequences[onto].grid.ras_shape), np.float32)
    for modality in preparation.sequences:
        volume[MODALITIES.index(modality)] = image_on(
            preparation, images[modality].voxels, modality, onto=onto
        )
    return volume


def image_on(
    preparation: Preparation, voxels: np.ndarray, modality: str, *, onto: str
) -> np.ndarray:
    """(X, Y, Z) of one sequence on the grid of another; itself where that is its own.

    Args:
        preparation: As of :func:`native_case`.
        voxels: Of its image, as it was read.
        modality: Which sequence it is.
        onto: The modality whose grid it is.
    """
    if modality == onto:
        return voxels
    sequence, there = preparation.sequences[modality], preparation.sequences[onto]
    motion = sequence.from_working @ np.linalg.inv(there.from_working)
    return read_once(voxels, of=sequence.grid, onto=there.grid, motion=motion)


def native_segmentation(
    segmentation: Segmentation,
    preparation: Preparation,
    *,
    onto: str,
    with_probabilities: bool = True,
    of_file: bool = False,
) -> Segmentation:
    """What a model predicted, on the grid of one sequence.

    Args:
        segmentation: On the working grid.
        preparation: What was done to the examination.
        onto: The modality whose grid it is.
        with_probabilities: Whether they are brought back too; without them the box is empty.
        of_file: As of :func:`native_frames`.

    Returns:
        The same with its probabilities averaged over the extent of each voxel, and labelled where
        the average of a region that was drawn exceeds what was required.
    """
    working, there = preparation.case, preparation.sequences[onto]
    grid = there.grid.of_file if of_file else there.grid
    back = np.linalg.inv(there.from_working)
    labels = drawn_on(segmentation, of=working.grid, onto=grid, motion=back)
    if not with_probabilities:
        return _without_probabilities(segmentation, labels)
    box = box_on(segmentation.box, of=working.grid, onto=grid, motion=back)
    shares = shares_on(
        segmentation.probabilities.astype(np.float32),
        of=part_of(working.grid, segmentation.box),
        onto=part_of(grid, box),
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
    labels, stored = truth.labels, truth.stored
    if stored is not None and grid.differs_from(case.grid):
        labels, grid = stored, grid.of_file
    if labels is not None and grid.differs_from(case.grid):
        labels = resample(labels, of=grid, onto=case.grid, order=NEAREST)
    return replace(
        case, truth=labels, truth_regions=truth.regions, notes=(*case.notes, *truth.notes)
    )
