"""From the files of one case to a :class:`~inference.case.Case`."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from inference.blocks import read_blocks
from inference.case import Case
from inference.errors import InputError
from inference.geometry import NativeGrid
from inference.guard import MAX_VOXELS, NiftiFile, check_nifti
from inference.labels import to_brats_2023
from inference.sources import CaseFiles
from inference.vocabulary import MODALITIES, MODALITY_NAMES
from inference.wording import shown

_WITHOUT = {
    "t1": "Upload the T1 file too: without it old blood can look like enhancing tumour.",
    "t1c": "Upload the T1c file too: without it the enhancing tumour is not reliable.",
    "t2": "Upload the T2 file too: without it the edge of the oedema is less reliable.",
    "flair": "Upload the FLAIR file too: without it the oedema is not reliable.",
}
# A head holds over 3 litres, the largest brain under 2.
_MAX_BRAIN_ML = 2200.0
# A brain fills about half of the tightest box around it.
_MIN_BACKGROUND = 0.25
_TRAINED_SPACING_MM = (0.8, 1.25)


@dataclass(frozen=True)
class _Scan:
    """The modalities that one file holds, in the order of its volumes."""

    nifti: NiftiFile
    modalities: tuple[str, ...]


def read_case(files: CaseFiles, *, max_voxels: int = MAX_VOXELS) -> Case:
    """Read one case. Every file passes the guard before any voxel is read.

    Args:
        files: The files of the case: at least one modality, or a 4D file.
        max_voxels: Most voxels of one volume.

    Returns:
        The case in RAS+ order. Voxels without a number (NaN) become background, with a note.

    Raises:
        InputError: where a file is refused, two files differ in their grid, an image holds one
            value only, or the truth is not a label map.
    """
    scans = _scans(files, max_voxels)
    truth = _one_volume(check_nifti(files.truth, max_voxels=max_voxels)) if files.truth else None
    grid = _shared_grid([scan.nifti for scan in scans] + ([truth] if truth else []))
    volume, labels, notes = _read(scans, truth, grid)
    present = tuple(m for m in MODALITIES if any(m in scan.modalities for scan in scans))
    notes = (
        *(_WITHOUT[modality] for modality in MODALITIES if modality not in present),
        *notes,
        *_notes_on_grid(grid),
        *_notes_on_skull(volume, present, grid),
    )
    return Case(files.name, volume, present, grid, truth=labels, notes=notes)


def _scans(files: CaseFiles, max_voxels: int) -> list[_Scan]:
    """The checked files of a case, in the order of ``MODALITIES``."""
    if files.stacked is not None:
        nifti = check_nifti(files.stacked, max_voxels=max_voxels)
        return [_Scan(nifti, _channels(files, nifti))]
    if not files.modalities:
        raise InputError(f"{files.name} has no scan; give at least one of {_listed(MODALITIES)}.")
    return [
        _Scan(_one_volume(check_nifti(files.modalities[name], max_voxels=max_voxels)), (name,))
        for name in MODALITIES
        if name in files.modalities
    ]


def _channels(files: CaseFiles, nifti: NiftiFile) -> tuple[str, ...]:
    channels = files.channels
    if len(set(channels)) != len(channels) or not set(channels) <= set(MODALITIES):
        raise InputError(
            f"{shown(nifti.path)} cannot be read in the order {', '.join(channels)}; "
            f"name each of {', '.join(MODALITIES)} at most once."
        )
    if nifti.volumes != len(channels):
        raise InputError(
            f"{shown(nifti.path)} holds {nifti.volumes} volumes where {_listed(channels)} are "
            "expected; say which modalities it holds, in their order."
        )
    return channels


def _one_volume(nifti: NiftiFile) -> NiftiFile:
    if nifti.volumes > 1:
        raise InputError(
            f"{shown(nifti.path)} holds {nifti.volumes} volumes; give one modality in each file, "
            "or one 4D file alone."
        )
    return nifti


def _shared_grid(niftis: list[NiftiFile]) -> NativeGrid:
    """The grid of the first file, which all others must have too."""
    first = niftis[0]
    grid = _grid(first)
    for other in niftis[1:]:
        difference = _grid(other).differs_from(grid)
        if difference:
            raise InputError(
                f"{shown(other.path)} does not fit {shown(first.path)}: it has {difference}; "
                "register all files of a case to one grid."
            )
    return grid


def _grid(nifti: NiftiFile) -> NativeGrid:
    """The grid with the header of one volume, so that a label map fits it."""
    header = nifti.header.copy()
    header.set_data_shape(nifti.shape)
    return NativeGrid(nifti.shape, header.get_best_affine(), header)


def _read(
    scans: list[_Scan], truth: NiftiFile | None, grid: NativeGrid
) -> tuple[np.ndarray, np.ndarray | None, list[str]]:
    """Read all files at once: zlib unpacks outside the GIL.

    Returns:
        (4, X, Y, Z) float32 and (X, Y, Z) uint8 or None, in RAS+ order, and what there is to say
        about the values.
    """
    volume = np.zeros((len(MODALITIES), *_ras_shape(grid)), np.float32)
    with ThreadPoolExecutor(len(MODALITIES)) as pool:
        notes = pool.map(lambda scan: _read_scan(scan, volume, grid), scans)
        labels = pool.submit(_read_truth, truth, grid) if truth else None
        notes = [note for notes_on_scan in notes for note in notes_on_scan]
        return volume, labels.result() if labels else None, notes


def _ras_shape(grid: NativeGrid) -> tuple[int, int, int]:
    return grid.to_ras(np.broadcast_to(False, grid.shape)).shape


def _read_scan(scan: _Scan, volume: np.ndarray, grid: NativeGrid) -> list[str]:
    """Fill the channels of one file."""
    channels = [volume[MODALITIES.index(modality)] for modality in scan.modalities]
    targets = [grid.to_native(channel) for channel in channels]
    with np.errstate(over="ignore", invalid="ignore"):
        for block in read_blocks(scan.nifti):
            # The volume is zero already: a bomb of zeros is not given any memory.
            if block.voxels.any():
                targets[block.volume][..., block.planes] = block.voxels
        named = list(zip(scan.modalities, channels, strict=True))
        notes = [_settle(channel, modality, scan.nifti) for modality, channel in named]
    if len(named) > 1:
        order = _listed(scan.modalities)
        notes.insert(0, f"The volumes of {shown(scan.nifti.path)} were taken to be {order}.")
    return [note for note in notes if note]


def _settle(channel: np.ndarray, modality: str, nifti: NiftiFile) -> str | None:
    """Scale a channel in place and make sure that it holds a finite image."""
    image = f"{shown(nifti.path)} ({MODALITY_NAMES[modality]})"
    slope, inter = nifti.header.get_slope_inter()
    if slope is not None and (slope, inter) != (1.0, 0.0):
        channel *= slope
        channel += inter
    note = None
    if np.isnan(channel.min()):
        np.nan_to_num(channel, copy=False, nan=0.0, posinf=np.inf, neginf=-np.inf)
        note = f"{image} has voxels without a value (NaN); they were read as background."
    low, high = channel.min(), channel.max()
    if not np.isfinite([low, high]).all():
        raise InputError(f"{image} holds infinite values; export it again.")
    if low == high:
        raise InputError(f"{image} holds the value {low:g} only; give the file with the image.")
    return note


def _read_truth(nifti: NiftiFile, grid: NativeGrid) -> np.ndarray:
    """(X, Y, Z) uint8 label map in RAS+ order, BraTS 2023 numbering."""
    labels = np.zeros(_ras_shape(grid), np.uint8)
    target = grid.to_native(labels)
    slope, inter = nifti.header.get_slope_inter()
    for block in read_blocks(nifti):
        voxels = block.voxels if slope is None else block.voxels * slope + inter
        target[..., block.planes] = _as_bytes(voxels, nifti)
    return to_brats_2023(labels, source=shown(nifti.path))


def _as_bytes(voxels: np.ndarray, nifti: NiftiFile) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        small = voxels.astype(np.uint8)
    if np.array_equal(small, voxels):
        return small
    # Fractions, negative and large numbers: this names the value in its error.
    return to_brats_2023(voxels, source=shown(nifti.path))


def _notes_on_grid(grid: NativeGrid) -> Iterator[str]:
    least, most = _TRAINED_SPACING_MM
    if min(grid.spacing) < least or max(grid.spacing) > most:
        sizes = " × ".join(f"{size:.2g}" for size in grid.ras_spacing)
        yield (
            f"The voxels measure {sizes} mm; the models were trained on scans resampled to 1 mm, "
            "so expect less."
        )
    if not (grid.header["sform_code"] > 0 or grid.header["qform_code"] > 0):
        yield "The files do not say which side is left; check the side before you rely on it."


def _notes_on_skull(
    volume: np.ndarray, present: tuple[str, ...], grid: NativeGrid
) -> Iterator[str]:
    voxel_ml = float(np.prod(grid.spacing)) / 1000.0
    filled = {name: np.count_nonzero(volume[MODALITIES.index(name)]) for name in present}
    whole_head = [
        name
        for name, count in filled.items()
        if count * voxel_ml > _MAX_BRAIN_ML or count > (1 - _MIN_BACKGROUND) * volume[0].size
    ]
    if whole_head:
        yield (
            "By the look of it not skull-stripped, or with a background other than 0: "
            f"{_listed(whole_head)}. The models were trained on skull-stripped scans and can take "
            "skull or scalp for tumour."
        )


def _listed(modalities: Iterable[str]) -> str:
    return ", ".join(MODALITY_NAMES[modality] for modality in modalities)
