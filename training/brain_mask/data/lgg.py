"""The LGG heads (Buda, Saha and Mazurowski 2019, CC BY-NC-SA 4.0): skull on, three channels.

The pictures say nothing of their spacing. A field of view of 240 mm and a stack of 150 mm are
taken, which give heads of a plausible size; slices are 1.5 to 6.5 mm apart.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

CHANNELS = ("t1", "flair", "t1ce")
PIXEL = 240 / 256
_STACK, _THINNEST, _THICKEST = 150.0, 1.5, 6.5
_COPY = 2.0


@dataclass(frozen=True)
class LggHead:
    """One head.

    Args:
        patient: Name of its folder.
        split: ``train``, ``val`` or ``test``.
        channels: (3, X, Y, Z) uint8 in RAS+, in the order of ``CHANNELS``.
        spacing: Voxel size in mm, as assumed.
    """

    patient: str
    split: str
    channels: np.ndarray
    spacing: tuple[float, float, float]

    @property
    def real_channels(self) -> list[int]:
        """Those which are not a copy of FLAIR, as where a sequence is missing."""
        flair = self.channels[1].astype(int)
        apart = [float(np.abs(channel - flair).mean()) for channel in self.channels]
        return [index for index in range(3) if index == 1 or apart[index] > _COPY]


def patients_of(folder: Path, split: str, allowed: Path | None = None) -> list[str]:
    """Names in a split; with the list of who may train, those alone whom it allows."""
    with (folder / "patients.csv").open(newline="") as table:
        names = [row["patient"] for row in csv.DictReader(table) if row["split"] == split]
    if allowed is None:
        return names
    with allowed.open(newline="") as table:
        may = {row["patient"] for row in csv.DictReader(table) if row["may_train_brats"] == "yes"}
    return [name for name in names if name in may]


def read_head(folder: Path, patient: str, split: str) -> LggHead:
    """Stack the slices of one patient, (row, column) from the front and the right."""
    count = len([path for path in (folder / patient).glob("*.tif") if "mask" not in path.name])
    paths = [folder / patient / f"{patient}_{number}.tif" for number in range(1, count + 1)]
    stack = np.stack([np.asarray(Image.open(path)) for path in paths])
    ras = stack.transpose(3, 2, 1, 0)[:, ::-1, ::-1]
    apart = float(np.clip(_STACK / count, _THINNEST, _THICKEST))
    return LggHead(patient, split, np.ascontiguousarray(ras), (PIXEL, PIXEL, apart))
