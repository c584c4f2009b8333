"""LGG heads made ready to learn the whole tumour from: the brain alone, the slices as they are.

Each of the three sequences is masked by the network ``brain_mask``, and the masks vote. Nothing is
aligned or resampled: the sequences lie on one grid, in slices as thick as a hospital's.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from tqdm import tqdm

from common.vocabulary import MODALITIES
from inference.io.export import write_whole
from inference.network.preprocess import brain_box
from inference.preparation.brain.brain_finder import BRAIN_MASK
from inference.preparation.brain.brain_mask import find_brain
from inference.preparation.brain.brain_vote import combine_masks
from inference.preparation.prepare import BrainFinder
from inference.study.examination import Examination
from model_zoo.weights.loading import load_model
from training.brain_mask.data.lgg import patients_of
from training.data.lgg_heads import TABLE, head_file
from training.hospital.lgg_examination import lgg_examination

_SPLIT: Final = "train"
_MEASURED: Final = ("brain_ml", "tumour_outside")


def prepare_heads(lgg: Path, allowed: Path, output: Path) -> int:
    """Write every head that may train a network of BraTS, and then the table of them.

    A head that was written before with the same mask network is not made again. Without the table
    nobody learns from the folder, so that no run learns from a part of the heads.

    Args:
        lgg: The LGG set.
        allowed: Table of its patients that says who may train (``may_train_brats``), and why not.
        output: Folder for the heads; it holds scans and is not to be passed on.

    Returns:
        How many heads there are.

    Raises:
        WeightsError: if the mask network has no weights.
    """
    model, origin = load_model(BRAIN_MASK, precision="float")

    def finder(image: np.ndarray, grid: object) -> np.ndarray:
        return find_brain(image, grid, model=model).mask

    output.mkdir(parents=True, exist_ok=True)
    names = patients_of(lgg, _SPLIT, allowed)
    for name in tqdm(names, desc="mask", unit="head"):
        file = head_file(output, name)
        if not _is_of(file, origin.sha256):
            head = prepared_head(lgg_examination(lgg, name, _SPLIT), finder)
            _save(file, head | {"weights": np.array(origin.sha256)})
    _write_table(output, _rows(allowed, names, output))
    return len(names)


def prepared_head(examination: Examination, find: BrainFinder) -> dict[str, np.ndarray]:
    """A head as :func:`training.data.lgg_heads.read_head` reads it.

    Args:
        examination: Sequences of 8 bits on one grid, and the mask of the whole tumour.
        find: Finds the brain in one of them.

    Returns:
        ``volume`` (4, x, y, z) uint8 in the order of ``MODALITIES``, cut to the brain, 0 around it
        and in a sequence that is missing; ``truth`` (x, y, z) uint8 on it; ``spacing`` in mm;
        ``brain_ml``; and ``tumour_outside``, the share of the tumour outside the brain found,
        which is not in the truth.
    """
    images = examination.images
    brain = combine_masks([find(image.voxels, image.grid) for image in images.values()]).mask
    volume = np.zeros((len(MODALITIES), *brain.shape), np.uint8)
    for name, image in images.items():
        # Tissue is what is not exactly 0, for everything after this.
        volume[MODALITIES.index(name)] = np.where(brain, np.maximum(image.voxels, 1), 0)
    labels = examination.truth[0].labels
    box = brain_box(volume)
    spacing = np.array(next(iter(images.values())).grid.ras_spacing)
    tumour = np.count_nonzero(labels)
    outside = np.count_nonzero(labels[~brain]) / tumour if tumour else 0.0
    return {
        "volume": volume[(slice(None), *box)],
        "truth": np.where(brain, labels, 0)[box].astype(np.uint8),
        "spacing": spacing,
        "brain_ml": np.array(brain.sum() * spacing.prod() / 1000),
        "tumour_outside": np.array(outside),
    }


def _is_of(file: Path, weights: str) -> bool:
    """Whether a head is there, masked by these weights."""
    if not file.exists():
        return False
    with np.load(file) as head:
        return str(head["weights"]) == weights


def _save(file: Path, head: dict[str, np.ndarray]) -> None:
    def write(unfinished: Path) -> None:
        with unfinished.open("wb") as stream:
            np.savez_compressed(stream, **head)

    write_whole(file, write)


def _rows(allowed: Path, names: list[str], output: Path) -> Iterator[dict[str, str]]:
    """What the table of who may train says of each head, and what was measured of its mask."""
    with allowed.open(newline="", encoding="utf-8") as table:
        rows = {row["patient"]: row for row in csv.DictReader(table)}
    for name in names:
        with np.load(head_file(output, name)) as head:
            yield rows[name] | {key: f"{float(head[key]):.4f}" for key in _MEASURED}


def _write_table(output: Path, rows: Iterator[dict[str, str]]) -> None:
    found = list(rows)

    def write(unfinished: Path) -> None:
        with unfinished.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(found[0]))
            writer.writeheader()
            writer.writerows(found)

    write_whole(output / TABLE, write)
