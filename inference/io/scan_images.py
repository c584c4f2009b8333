"""One file of a scan, and the images that are read from it onto the grid of the case."""

from dataclasses import dataclass, field, replace

import numpy as np

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import resample_image
from inference.io.brightness import settle_brightness
from inference.io.names.wording import shown
from inference.io.volumes.checked_file import CheckedFile
from inference.io.volumes.voxels import native_grid, read_into


@dataclass(frozen=True)
class Scan:
    """A checked file, the modality of each of its volumes (None: not used) and its grid."""

    file: CheckedFile
    modalities: tuple[str | None, ...]
    grid: NativeGrid = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "grid", native_grid(self.file))


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class ScanImage:
    """One image as it was read.

    Args:
        name: What to call it: its file, and its modality where the file holds several.
        modality: One of ``MODALITIES``.
        voxels: (X, Y, Z) float32 in RAS+ order; all zero where the image was left out.
        grid: The grid of its file.
        notes: Sentences on how it was read.
    """

    name: str
    modality: str
    voxels: np.ndarray
    grid: NativeGrid
    notes: tuple[str, ...] = ()


def read_scan(
    scan: Scan, volume: np.ndarray, grid: NativeGrid
) -> tuple[list[ScanImage], list[str]]:
    """Read the images of one file.

    Args:
        scan: The file.
        volume: (4, X, Y, Z) float32 zeros on the grid of the case; where the file lies on that
            grid, its channels are what the images are read into.
        grid: The grid of the case.

    Returns:
        The images, and notes on their values.

    Raises:
        InputError: where the file turns out to be damaged, or holds infinite values.
    """
    moved = scan.grid.differs_from(grid) is not None
    used = {number: modality for number, modality in enumerate(scan.modalities) if modality}
    own = {
        number: np.zeros(scan.grid.ras_shape, np.float32) if moved else channel_of(volume, modality)
        for number, modality in used.items()
    }
    read_into(scan.file, own, scan.grid)
    images = [
        ScanImage(_name(scan, used[number]), used[number], voxels, scan.grid)
        for number, voxels in own.items()
    ]
    settled = [_settle(image.voxels, image.modality, scan.file) for image in images]
    images = [
        replace(image, notes=(*getattr(scan.file, "notes", ()), *of_values))
        for image, of_values in zip(images, settled, strict=True)
    ]
    notes = [note for of_values in settled for note in of_values]
    if len(scan.modalities) > 1:
        order = ", ".join(MODALITY_NAMES[m] if m else "one not used" for m in scan.modalities)
        name = shown(scan.file.path)
        notes.insert(0, f"The {scan.file.parts} of {name} were taken to be {order}.")
    return images, notes


def place(
    image: ScanImage, volume: np.ndarray, grid: NativeGrid, motion: np.ndarray | None
) -> None:
    """Bring an image to where it belongs in the volume of a case.

    Args:
        image: As :func:`read_scan` read it.
        volume: (4, X, Y, Z) float32 on the grid of the case.
        grid: The grid of the case.
        motion: As of :func:`inference.geometry.resampling.resample`; None where headers agree on
            the place.

    Raises:
        InputError: where nothing of it lies on the grid.
    """
    there_already = motion is None and image.grid.differs_from(grid) is None
    if there_already or not image.voxels.any():
        return
    channel = channel_of(volume, image.modality)
    channel[...] = resample_image(image.voxels, of=image.grid, onto=grid, motion=motion)
    if not channel.any():
        raise InputError(
            f"{image.name} lies somewhere else than the other files; check that all are of one "
            "patient and one examination."
        )


def channel_of(volume: np.ndarray, modality: str) -> np.ndarray:
    """The (X, Y, Z) view of one modality in a (4, X, Y, Z) volume."""
    return volume[MODALITIES.index(modality)]


def _name(scan: Scan, modality: str) -> str:
    name = shown(scan.file.path)
    return name if len(scan.modalities) == 1 else f"{name} ({MODALITY_NAMES[modality]})"


def _settle(channel: np.ndarray, modality: str, file: CheckedFile) -> list[str]:
    """Make sure that a channel holds a finite image of tissue on a background of 0.

    One of a single value becomes empty.
    """
    image = f"{shown(file.path)} ({MODALITY_NAMES[modality]})"
    notes = []
    if np.isnan(channel.min()):
        np.nan_to_num(channel, copy=False, nan=0.0, posinf=np.inf, neginf=-np.inf)
        notes.append(f"{image} has voxels without a value (NaN); they were read as background.")
    low, high = channel.min(), channel.max()
    if not np.isfinite([low, high]).all():
        raise InputError(f"{image} holds infinite values; export it again.")
    if low == high:
        if low:
            channel[...] = 0
        return [f"{image} holds the value {low:g} only; it was left out."]
    return [*notes, *settle_brightness(channel, name=image)]
