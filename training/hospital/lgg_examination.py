"""An LGG head as an examination: its sequences and its mask on one grid, the skull on."""

from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from common.vocabulary import MODALITIES, OEDEMA
from inference.case import Case
from inference.io.scan_images import ScanImage
from inference.io.truths.truth import Truth
from inference.preparation.template import grid_of
from inference.study.examination import Examination
from training.brain_mask.data.lgg import LggHead, read_head

# In the order of the channels of the pictures.
_SEQUENCES: Final = ("t1", "flair", "t1c")


def lgg_examination(folder: Path, patient: str, split: str) -> Examination:
    """Read one head and its mask; a channel that is a copy of FLAIR is no sequence of its own.

    Args:
        folder: The LGG set.
        patient: Name of its folder.
        split: The split it is in.
    """
    head = read_head(folder, patient, split)
    affine = np.diag([*head.spacing, 1.0])
    grid = grid_of(head.channels.shape[1:], affine)
    images = {
        _SEQUENCES[index]: ScanImage(
            patient, _SEQUENCES[index], head.channels[index].astype(np.float32), grid
        )
        for index in head.real_channels
    }
    ordered = {name: images[name] for name in MODALITIES if name in images}
    truth = Truth(read_mask(folder, head), ("wt",))
    return Examination(patient, ordered, (truth, grid))


def read_mask(folder: Path, head: LggHead) -> np.ndarray:
    """(X, Y, Z) uint8 in RAS+ order: the FLAIR abnormality as oedema, on the grid of the head."""
    count = head.channels.shape[-1]
    place = folder / head.patient
    files = [place / f"{head.patient}_{number}_mask.tif" for number in range(1, count + 1)]
    stack = np.stack([np.asarray(Image.open(file)) for file in files]) > 0
    labels = stack.transpose(2, 1, 0)[::-1, ::-1].astype(np.uint8) * np.uint8(OEDEMA)
    return np.ascontiguousarray(labels)


def as_it_is(examination: Examination) -> Case:
    """The same as a case that nothing was done to: what the networks get without preparation."""
    first = next(iter(examination.images.values()))
    volume = np.zeros((len(MODALITIES), *first.grid.ras_shape), np.float32)
    for name, image in examination.images.items():
        volume[MODALITIES.index(name)] = image.voxels
    labels = examination.truth[0].labels if examination.truth else None
    present = tuple(name for name in MODALITIES if name in examination.images)
    return Case(examination.name, volume, present, first.grid, truth=labels, truth_regions=("wt",))
