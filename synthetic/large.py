"""A case as a scanner writes it at its finest: voxels of half a millimetre, the skull on.

Written plane by plane: such an image is larger than most tests may hold.
"""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np
from scipy import ndimage

from common.vocabulary import MODALITIES
from synthetic.fields import stream
from synthetic.grid import Grid
from synthetic.skull import Head, make_head

SIDE: Final = 512
_ENDINGS: Final = (*MODALITIES, "seg")
_FIELD_MM: Final = 252.0  # head and neck fit in
_GAIN: Final = 2.6  # stored values for each grey level
_NOISE: Final = 9.0  # stored values, also in the air
_SCANNER: Final = 1  # NIfTI code for coordinates of the scanner
_PLANES_AT_ONCE: Final = 16

Planes = Callable[[int, int], np.ndarray]


def write_large_case(
    folder: Path | str, *, side: int = SIDE, seed: int = 0, head: Head | None = None
) -> dict[str, Path]:
    """Write four modalities of int16 and their truth as ``.nii.gz``, aligned with each other.

    Args:
        folder: Made if it is missing; the files are named as it is.
        side: Voxels along each axis, over the same field of view.
        seed: The same seed gives the same case.
        head: Whose scan it is; drawn from the seed unless given.

    Returns:
        Modality name, or ``"truth"``, to the file written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    head = head or make_head(seed=seed)
    grid = large_grid(head.grid, side)
    files = [folder / f"{folder.name}_{ending}.nii.gz" for ending in _ENDINGS]
    for channel, file in enumerate(files[:-1]):
        rng = stream(seed, f"large {channel}")
        _write(file, grid, np.int16, _scanned(head, grid, channel, rng))
    _write(files[-1], grid, np.uint8, _labels(head, grid))
    return dict(zip((*MODALITIES, "truth"), files, strict=True))


def large_grid(of_head: Grid, side: int) -> Grid:
    """A cube of so many voxels about the middle of a head."""
    step = _FIELD_MM / side
    middles = [
        first + (count - 1) / 2 * spacing
        for first, count, spacing in zip(of_head.first, of_head.shape, of_head.spacing, strict=True)
    ]
    first = tuple(middle - (side - 1) / 2 * step for middle in middles)
    return Grid(first, (step,) * 3, (side,) * 3)


def _scanned(head: Head, grid: Grid, channel: int, rng: np.random.Generator) -> Planes:
    """Stored values of some planes: the signal with Rician noise."""
    signal = _GAIN * head.signal[channel]

    def planes(start: int, count: int) -> np.ndarray:
        found = _between(signal, head.grid, grid, start, count, order=1)
        real, imaginary = (
            np.float32(_NOISE) * rng.standard_normal(found.shape, np.float32) for _ in range(2)
        )
        return np.rint(np.hypot(found + real, imaginary))

    return planes


def _labels(head: Head, grid: Grid) -> Planes:
    return lambda start, count: _between(head.truth, head.grid, grid, start, count, order=0)


def _between(
    image: np.ndarray, of: Grid, onto: Grid, start: int, count: int, *, order: int
) -> np.ndarray:
    """(X, Y, planes) of an image at the places of another grid."""
    steps = np.divide(onto.spacing, of.spacing)
    offset = np.subtract(onto.first, of.first) / of.spacing
    offset[2] += start * steps[2]
    shape = (*onto.shape[:2], count)
    return ndimage.affine_transform(image, steps, offset, shape, order=order, cval=0)


def _write(file: Path, grid: Grid, dtype: type, planes: Planes) -> None:
    with gzip.GzipFile(file, "wb", compresslevel=1, mtime=0) as stream_:
        stream_.write(_header(grid, dtype))
        for start, count in _blocks(grid.shape[2]):
            stream_.write(planes(start, count).astype(dtype).tobytes(order="F"))


def _header(grid: Grid, dtype: type) -> bytes:
    header = nib.Nifti1Header()
    header.set_data_shape(grid.shape)
    header.set_data_dtype(dtype)
    header.set_sform(grid.affine, code=_SCANNER)
    header.set_qform(grid.affine, code=_SCANNER)
    header.set_xyzt_units("mm")
    header["magic"], header["vox_offset"] = b"n+1", header.single_vox_offset
    return header.binaryblock + bytes(header.single_vox_offset - len(header.binaryblock))


def _blocks(planes: int) -> Iterator[tuple[int, int]]:
    for start in range(0, planes, _PLANES_AT_ONCE):
        yield start, min(_PLANES_AT_ONCE, planes - start)
