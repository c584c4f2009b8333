"""What stands between a stranger's file and the memory of this machine.

A header is a claim: 54 bytes can ask for 8 GB. Here it is checked from the first bytes alone,
before nibabel acts on it; ``inference.io.volumes.nifti_blocks`` then reads no further than what it
was allowed to claim, and ``inference.io.archives.archive`` guards zips.
"""

import logging
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError

from common.errors import InputError
from inference.io.names.wording import cut_off, damaged, shown, what_it_is
from inference.io.packed_stream import DAMAGE, GZIP, open_unpacked
from inference.io.volumes.claims import (
    MAX_STORED_VOXELS,
    check_affine,
    check_unpacked_size,
    check_voxel_count,
)
from inference.io.volumes.nifti_layout import (
    LAYOUTS,
    Layout,
    bad_header,
    extent_of,
    header_of,
    place_axes,
    size_and_byte_order,
)
from inference.io.volumes.nifti_world import notes_on_world

# Text and DICOM extensions of a header are kilobytes.
_MAX_HEADER_BYTES = 1024**2
_SNIFFED = 1024

_NUMBERS = {2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280}  # NIfTI codes of plain numbers
_OTHER_TYPES = {
    1: "single bits",
    32: "complex numbers",
    128: "colours",
    1792: "complex numbers",
    2048: "complex numbers",
    2304: "colours",
}

# nibabel repairs small faults in a header and logs each to stderr, which is not ours to write.
_quiet = logging.Logger("inference.io.volumes.nifti_guard", level=logging.CRITICAL)


@dataclass(frozen=True)
class NiftiFile:
    """A file whose header has been checked; its voxels have not been read.

    Args:
        path: Where it is.
        header: Its header; the affine is finite, regular and in mm.
        shape: Voxels along the three axes.
        volumes: 1, or the length of the fourth axis.
        offset: Bytes before the first voxel.
        compressed: Whether it is gzipped.
        interleaved: Whether the numbers of a voxel's volumes stand beside each other.
        notes: Sentences on how its header was read that the user should know.
        deflated: Whether the numbers, from ``offset`` on, are compressed by zlib.
    """

    path: Path
    header: nib.Nifti1Header
    shape: tuple[int, int, int]
    volumes: int
    offset: int
    compressed: bool
    interleaved: bool = False
    notes: tuple[str, ...] = ()
    deflated: bool = False

    @property
    def parts(self) -> str:
        """What to call its volumes."""
        return "volumes"

    @property
    def plane_bytes(self) -> int:
        """Bytes of the voxels along the first two axes."""
        return self.shape[0] * self.shape[1] * self.header.get_data_dtype().itemsize

    @property
    def n_bytes(self) -> int:
        """Bytes the file must hold when unpacked."""
        return self.offset + self.plane_bytes * self.shape[2] * self.volumes


def check_nifti(
    path: Path, *, max_voxels: int = MAX_STORED_VOXELS, data: Path | None = None
) -> NiftiFile:
    """Check what a file claims, from its first kilobyte.

    Args:
        path: A file of any kind; its name is not trusted.
        max_voxels: Most voxels of one volume.
        data: The file with the voxels, where it is a header alone: of NIfTI, or of Analyze 7.5.

    Raises:
        InputError: unless it is a NIfTI-1 or NIfTI-2 file of plain numbers, with one to
            ``MAX_VOLUMES`` volumes within the limit and a usable affine.
    """
    head, compressed = first_bytes(path)
    size, order = size_and_byte_order(head)
    if size not in LAYOUTS:
        raise InputError(
            f"{shown(path)} is {what_it_is(head)}; a NIfTI file (.nii, .nii.gz) is needed."
        )
    layout = LAYOUTS[size]
    if len(head) < size:
        raise cut_off(path)
    if data is None:
        _check_single_file(head, layout, path)
    else:
        _, compressed = first_bytes(data)
    extent = extent_of(head, order, layout, path)
    check_voxel_count(extent.shape, max_voxels, path)
    _check_numbers(head, order, layout, path)
    offset = _offset(head, order, layout, path, alone=data is None)
    header = _parsed(head[:size], order, layout, path)
    place_axes(header, extent)
    check_affine(header, path)
    notes = (*extent.notes, *notes_on_world(header, name=shown(path)))
    nifti = NiftiFile(
        data or path,
        header,
        extent.shape,
        extent.volumes,
        offset,
        compressed,
        interleaved=extent.interleaved,
        notes=notes,
    )
    check_size_on_disk(nifti)
    return nifti


def first_bytes(path: Path) -> tuple[bytes, bool]:
    """The first kilobyte, unpacked if it is gzipped, and whether it was.

    Raises:
        InputError: where it cannot be read or unpacked.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_SNIFFED)
            if not head.startswith(GZIP):
                return head, False
            stream.seek(0)
            return _unpacked(stream, path), True
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be opened: {error.strerror}.") from error


def _unpacked(stream: BinaryIO, path: Path) -> bytes:
    try:
        return open_unpacked(stream).read(_SNIFFED)
    except EOFError as error:
        raise cut_off(path) from error
    except DAMAGE as error:
        raise damaged(path) from error


def _check_single_file(head: bytes, layout: Layout, path: Path) -> None:
    position, single, pair = layout.magic
    magic = head[position : position + 3]
    if magic == single:
        return
    # The .hdr of Analyze, older than NIfTI, has no magic bytes at all.
    if magic == pair or layout.header is nib.Nifti1Header:
        raise InputError(
            f"{shown(path)} is the header of a .hdr/.img pair; call it .hdr and give its .img too, "
            "or convert the pair to one .nii file."
        )
    raise bad_header(path, "unknown version")


def _check_numbers(head: bytes, order: str, layout: Layout, path: Path) -> None:
    code = struct.unpack_from(order + "h", head, layout.type_code)[0]
    if code not in _NUMBERS:
        what = _OTHER_TYPES.get(code, f"values of the type {code}")
        raise InputError(f"{shown(path)} holds {what}; a scan holds one plain number a voxel.")


def _offset(head: bytes, order: str, layout: Layout, path: Path, *, alone: bool) -> int:
    position, number = layout.offset
    offset = struct.unpack_from(order + number, head, position)[0]
    least = layout.header.single_vox_offset if alone else 0
    if not least <= offset <= _MAX_HEADER_BYTES:
        raise bad_header(path, f"voxels from byte {offset:g} on")
    return int(offset)


def _parsed(block: bytes, order: str, layout: Layout, path: Path) -> nib.Nifti1Header:
    header = header_of(block, order, layout)
    # Where no affine is given the voxel size stands alone, and nibabel would make a 0 a 1.
    flat = header["dim"][0] == 2
    if flat and header["pixdim"][3] == 0:
        header["pixdim"][3] = 1
    if header["sform_code"] < 1 and not (np.abs(header["pixdim"][1:4]) > 0).all():
        raise bad_header(path, "no voxel size")
    try:
        header.check_fix(logger=_quiet, error_level=logging.ERROR)
        header.get_slope_inter()
    except HeaderDataError as error:
        raise bad_header(path, str(error).partition("\n")[0]) from error
    return header


def check_size_on_disk(nifti: NiftiFile) -> None:
    """Refuse a file that is too short for its claim, or would unpack to far more.

    Raises:
        InputError: for either.
    """
    packed = nifti.compressed or nifti.deflated
    if not packed and nifti.path.stat().st_size < nifti.n_bytes:
        raise cut_off(nifti.path)
    check_unpacked_size(nifti.n_bytes, nifti.path)
