"""What every file of volumes may claim: voxels, a position, and a size when unpacked."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.archives.bombs import BOMB_BYTES, BOMB_RATIO
from inference.io.names.wording import shown
from inference.io.volumes.nifti_world import SPACING_MM, world_affine

# Of what is held as it comes, such as pictures: four modalities as float32 take 800 MB.
MAX_VOXELS: Final = 50_000_000
# Of a file: scanners write up to 512 × 512 × 512. Reading so many takes some seconds an image.
MAX_STORED_VOXELS: Final = 140_000_000
MAX_VOLUMES: Final = len(MODALITIES)
# No scanner makes finer images; one plane, the least that is held while reading, is then 8 MB.
_MAX_AXIS: Final = 1024
_MIN_DETERMINANT: Final = 1e-3


def check_voxel_count(shape: tuple[int, int, int], max_voxels: int, path: Path) -> None:
    """Refuse a volume of more voxels than are read.

    Raises:
        InputError: with the limits.
    """
    if math.prod(shape) <= max_voxels and max(shape) <= _MAX_AXIS:
        return
    most = f"{max_voxels / 1e6:g} million" if max(shape) <= _MAX_AXIS else f"{_MAX_AXIS} a side"
    raise InputError(
        f"{shown(path)} claims {times(shape)} voxels, more than the {most} that are read; resample "
        "it to 1 mm."
    )


def check_affine(header: nib.Nifti1Header, path: Path) -> None:
    """Refuse an affine that would put voxels nowhere, or all on one plane.

    Raises:
        InputError: for such an affine, and for voxels of a size that no scan has.
    """
    wrong = f"{shown(path)} does not state where its voxels lie"
    right = "export it again from the original scan"
    try:
        affine = world_affine(header)
    except (HeaderDataError, ValueError) as error:
        raise InputError(f"{wrong} (damaged rotation); {right}.") from error
    if not np.isfinite(affine).all():
        raise InputError(f"{wrong} (affine with values that are not numbers); {right}.")
    spacing = nib.affines.voxel_sizes(affine)
    least, most = SPACING_MM
    if not ((spacing >= least) & (spacing <= most)).all():
        sizes = times(f"{size:.3g}" for size in spacing)
        raise InputError(
            f"{shown(path)} has voxels of {sizes} mm; a scan has between {least:g} and {most:g} mm."
        )
    if abs(np.linalg.det(affine[:3, :3] / spacing)) < _MIN_DETERMINANT:
        raise InputError(f"{wrong} (axes on one plane); {right}.")


def check_unpacked_size(n_bytes: int, path: Path) -> None:
    """Refuse a file that would unpack to far more than any scan does.

    Args:
        n_bytes: What it claims.
        path: The file.

    Raises:
        InputError: for a bomb.
    """
    on_disk = path.stat().st_size
    if n_bytes > BOMB_BYTES and n_bytes > BOMB_RATIO * on_disk:
        raise InputError(
            f"{shown(path)} would unpack to {n_bytes // max(on_disk, 1)} times its size, "
            "which no scan does; export it again."
        )


def times(numbers: Iterable[object]) -> str:
    """Numbers of voxels, as 240×240×155."""
    return "×".join(str(number) for number in numbers)
