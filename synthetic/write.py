"""A synthetic case as files, named and stored as BraTS does."""

import gzip
from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np
from nibabel.orientations import apply_orientation, io_orientation

from common.vocabulary import MODALITIES
from synthetic.case import SyntheticCase

# Endings in the order of MODALITIES, then the truth's.
NAMINGS: Final = {
    "brats2021": ("_t1", "_t1ce", "_t2", "_flair", "_seg"),
    "brats2023": ("-t1n", "-t1c", "-t2w", "-t2f", "-seg"),
}
_SCANNER: Final = 1  # NIfTI code for coordinates of the scanner


def write_case(
    case: SyntheticCase,
    folder: Path | str,
    *,
    name: str | None = None,
    naming: str = "brats2021",
    affine: np.ndarray | None = None,
) -> dict[str, Path]:
    """Write four modalities and the truth as ``.nii.gz``, the same bytes for the same case.

    Args:
        case: What to write.
        folder: Made if it is missing.
        name: Name of the case in the files' names; the folder's name unless given.
        naming: ``"brats2021"`` or ``"brats2023"``.
        affine: (4, 4) voxel to world in mm of the files; the arrays are turned to its axes.
            Unless given, LPS as BraTS stores it.

    Returns:
        Modality name, or ``"truth"``, to the file written.

    Raises:
        KeyError: for another naming.
    """
    if naming not in NAMINGS:
        raise KeyError(f"naming {naming!r} is not known; choose one of {', '.join(NAMINGS)}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    affine = lps_affine(case) if affine is None else np.asarray(affine, float)
    arrays = [*case.volume, case.truth]
    files = {}
    for key, ending, array in zip((*MODALITIES, "truth"), NAMINGS[naming], arrays, strict=True):
        files[key] = folder / f"{name or folder.name}{ending}.nii.gz"
        files[key].write_bytes(_nifti_bytes(array, affine))
    return files


def lps_affine(case: SyntheticCase) -> np.ndarray:
    """(4, 4) affine of the case's arrays once X and Y are flipped, as BraTS stores them."""
    flip = np.diag((-1.0, -1.0, 1.0, 1.0))
    flip[:2, 3] = np.array(case.truth.shape[:2]) - 1
    return case.affine @ flip


def _nifti_bytes(array: np.ndarray, affine: np.ndarray) -> bytes:
    turned = apply_orientation(array, _from_ras(affine))
    image = nib.Nifti1Image(np.ascontiguousarray(turned), affine)
    image.set_sform(affine, code=_SCANNER)
    image.set_qform(affine, code=_SCANNER)
    image.header.set_xyzt_units("mm")
    return gzip.compress(image.to_bytes(), compresslevel=9, mtime=0)


def _from_ras(affine: np.ndarray) -> np.ndarray:
    """(3, 2) nibabel orientation that turns a RAS+ array to the axes of an affine."""
    ras = np.array([[0, 1], [1, 1], [2, 1]])
    return nib.orientations.ornt_transform(ras, io_orientation(affine))
