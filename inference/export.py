"""Writing label maps onto the grid of the files they came from."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np

from inference.case import Case

_DESCRIPTION = b"GlioLens labels, not a medical device"  # 80 bytes at most in a header


def label_image(case: Case, labels: np.ndarray) -> nib.Nifti1Image:
    """A label map as NIfTI in the geometry of the case's files.

    Args:
        case: The scan; its grid gives shape, affine, qform and sform with their codes, and units.
        labels: (X, Y, Z) uint8 in RAS+ order.
    """
    header = case.grid.header.copy()
    header.set_data_dtype(np.uint8)
    header.set_slope_inter(1, 0)
    header["cal_min"], header["cal_max"] = 0, 3
    header["descrip"] = _DESCRIPTION
    image = nib.Nifti2Image if isinstance(header, nib.Nifti2Header) else nib.Nifti1Image
    # Without an affine of ours nibabel keeps both of the header's forms as they are.
    return image(case.grid.to_native(labels).astype(np.uint8), None, header)


def write_labels(case: Case, labels: np.ndarray, file: Path) -> None:
    """Write a label map as ``.nii.gz``; the file appears whole or not at all."""
    image = label_image(case, labels)
    write_whole(file, lambda unfinished: nib.save(image, unfinished))


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``file``, then rename it: never a partial file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=f"-{file.name}")
    os.close(descriptor)
    unfinished = Path(name)
    try:
        write(unfinished)
        unfinished.chmod(0o644)  # mkstemp's own mode would hide it from everyone else
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
