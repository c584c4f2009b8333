"""The teacher's masks of all heads, written once; what is there is not made again."""

from pathlib import Path

import numpy as np

from training.brain_mask.data.lgg import patients_of, read_head
from training.brain_mask.data.study import read_study
from training.brain_mask.teacher import Teacher

_BEST_FIRST = (2, 0, 1)  # T1c, T1, FLAIR: where a sequence is missing, its channel copies FLAIR


def teach_lgg(folder: Path, allowed: Path, output: Path) -> None:
    """Write ``PATIENT.npz`` for every LGG head that is used: training, validation and test.

    Args:
        folder: The LGG set.
        allowed: Table of who may train.
        output: Where to write.
    """
    teacher = Teacher()
    splits = {"test": None, "val": None, "train": allowed}
    for split, table in splits.items():
        for patient in patients_of(folder, split, table):
            file = output / f"{patient}.npz"
            if file.exists():
                continue
            head = read_head(folder, patient, split)
            channel = next(c for c in _BEST_FIRST if c in head.real_channels)
            likely = teacher.probability(head.channels[channel], head.spacing)
            _write(file, likely, channel=channel, spacing=head.spacing)
            print(f"{patient} ({split}): {_ml(likely, head.spacing):.0f} ml", flush=True)


def teach_study(folder: Path, output: Path) -> None:
    """Write ``study_SEQUENCE.npz`` for every series of an examination, for evaluation alone."""
    teacher = Teacher()
    for series in read_study(folder):
        file = output / f"study_{series.sequence}.npz"
        if file.exists():
            continue
        likely = teacher.probability(series.image, series.grid.ras_spacing)
        _write(file, likely, spacing=series.grid.ras_spacing)
        print(f"{series.sequence}: {_ml(likely, series.grid.ras_spacing):.0f} ml", flush=True)


def _write(file: Path, likely: np.ndarray, **facts: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(file, probability=np.rint(likely * 255).astype(np.uint8), **facts)


def _ml(likely: np.ndarray, spacing: tuple[float, float, float]) -> float:
    return float((likely > 0.5).sum()) * float(np.prod(spacing)) / 1000
