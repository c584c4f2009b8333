"""FreeSurfer's images, ``.mgz`` and ``.mgh``: a header of 284 bytes, then the numbers, big-endian.

https://surfer.nmr.mgh.harvard.edu/fswiki/FsTutorial/MghFormat
"""

from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np
from nibabel.freesurfer.mghformat import DATA_OFFSET, MGHHeader, header_dtype

from common.errors import InputError
from inference.io.names.wording import cut_off, shown, what_it_is
from inference.io.volumes.claims import (
    MAX_STORED_VOXELS,
    MAX_VOLUMES,
    check_affine,
    check_voxel_count,
)
from inference.io.volumes.nifti_guard import NiftiFile, check_size_on_disk, first_bytes

_VERSION: Final = b"\0\0\0\1"


def check_mgh(path: Path, *, max_voxels: int = MAX_STORED_VOXELS) -> NiftiFile:
    """Check what a file claims, as :func:`inference.io.volumes.nifti_guard.check_nifti` does.

    Args:
        path: A file of any kind; its name is not trusted.
        max_voxels: Most voxels of one volume.

    Raises:
        InputError: unless it is an image of FreeSurfer within the limits, with a usable affine.
    """
    head, compressed = first_bytes(path)
    if not head.startswith(_VERSION):
        what = what_it_is(head, otherwise="no FreeSurfer image")
        raise InputError(f"{shown(path)} is {what}; an .mgz or .mgh file is needed.")
    if len(head) < DATA_OFFSET:
        raise cut_off(path)
    fields = np.frombuffer(head, header_dtype, 1)[0]
    columns, rows, planes, volumes = map(int, fields["dims"])
    shape = (columns, rows, planes)
    if min(*shape, volumes) < 1 or volumes > MAX_VOLUMES:
        raise InputError(
            f"{shown(path)} is a series of {'×'.join(map(str, [*shape, volumes]))} voxels; give "
            f"one volume for each modality, or at most {MAX_VOLUMES} in one file."
        )
    check_voxel_count(shape, max_voxels, path)
    header = _as_nifti(head, shape, path)
    check_affine(header, path)
    file = NiftiFile(path, header, shape, volumes, DATA_OFFSET, compressed)
    check_size_on_disk(file)
    return file


def _as_nifti(head: bytes, shape: tuple[int, int, int], path: Path) -> nib.Nifti1Header:
    try:
        mgh = MGHHeader(head[: header_dtype.itemsize], check=False)
        dtype, affine = mgh.get_data_dtype(), mgh.get_affine()
    except (KeyError, ValueError, nib.spatialimages.HeaderDataError) as error:
        raise InputError(f"{shown(path)} has a damaged header; copy or export it again.") from error
    header = nib.Nifti1Header(endianness=">")
    header.set_data_shape(shape)
    header.set_data_dtype(dtype)
    with np.errstate(invalid="ignore"):
        header.set_sform(affine, code="scanner")
    header.set_xyzt_units("mm")
    return header
