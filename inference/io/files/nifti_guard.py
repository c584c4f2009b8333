"""What stands between a stranger's file and the memory of this machine.

A header is a claim: 54 bytes can ask for 8 GB. Here it is checked from the first bytes alone,
before nibabel acts on it; ``inference.io.files.nifti_blocks`` then reads no further than what it
was allowed to claim, and ``inference.io.files.archive`` guards zips.
"""

import gzip
import logging
import math
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.files.bombs import BOMB_BYTES, BOMB_RATIO
from inference.io.files.nifti_world import SPACING_MM, notes_on_world, world_affine
from inference.io.files.wording import cut_off, damaged, shown, what_it_is

# 368 voxels each way, twice a head scanned at 0.8 mm; four modalities as float32 take 800 MB.
MAX_VOXELS: Final = 50_000_000
MAX_VOLUMES: Final = len(MODALITIES)
# No scanner makes finer images; one plane, the least that is held while reading, is then 8 MB.
_MAX_AXIS = 1024
# Text and DICOM extensions of a header are kilobytes.
_MAX_HEADER_BYTES = 1024**2
_MIN_DETERMINANT = 1e-3  # of the unit axes: they are then within 0.06° of one plane
_SNIFFED = 1024
_GZIP = b"\x1f\x8b"

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
_quiet = logging.Logger("inference.io.files.nifti_guard", level=logging.CRITICAL)


@dataclass(frozen=True)
class _Layout:
    """Where the header of one version of NIfTI keeps what the guard needs."""

    header: type[nib.Nifti1Header]
    magic: tuple[int, bytes, bytes]  # position, of a single file, of a .hdr/.img pair
    dims: tuple[int, str]  # position, struct format
    type_code: int
    offset: tuple[int, str]


_LAYOUTS = {
    348: _Layout(nib.Nifti1Header, (344, b"n+1", b"ni1"), (40, "8h"), 70, (108, "f")),
    540: _Layout(nib.Nifti2Header, (4, b"n+2", b"ni2"), (16, "8q"), 12, (168, "q")),
}


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
    """

    path: Path
    header: nib.Nifti1Header
    shape: tuple[int, int, int]
    volumes: int
    offset: int
    compressed: bool
    interleaved: bool = False
    notes: tuple[str, ...] = ()

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


def check_nifti(path: Path, *, max_voxels: int = MAX_VOXELS, data: Path | None = None) -> NiftiFile:
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
    size, order = _size_and_byte_order(head)
    if size not in _LAYOUTS:
        raise InputError(
            f"{shown(path)} is {what_it_is(head)}; a NIfTI file (.nii, .nii.gz) is needed."
        )
    layout = _LAYOUTS[size]
    if len(head) < size:
        raise cut_off(path)
    if data is None:
        _check_single_file(head, layout, path)
    else:
        _, compressed = first_bytes(data)
    extent = _extent(head, order, layout, path)
    check_voxel_count(extent.shape, max_voxels, path)
    _check_numbers(head, order, layout, path)
    offset = _offset(head, order, layout, path, alone=data is None)
    header = _parsed(head[:size], order, layout, path)
    _place_axes(header, extent)
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
            if not head.startswith(_GZIP):
                return head, False
            stream.seek(0)
            with gzip.GzipFile(fileobj=stream) as unpacked:
                return unpacked.read(_SNIFFED), True
    except EOFError as error:
        raise cut_off(path) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise damaged(path) from error
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be opened: {error.strerror}.") from error


def _size_and_byte_order(head: bytes) -> tuple[int, str]:
    """What would be the size of a NIfTI header, read in the byte order where it makes sense."""
    sizes = {order: struct.unpack_from(order + "i", head.ljust(4, b"\0"))[0] for order in "<>"}
    order = ">" if sizes[">"] in _LAYOUTS else "<"
    return sizes[order], order


def _check_single_file(head: bytes, layout: _Layout, path: Path) -> None:
    position, single, pair = layout.magic
    magic = head[position : position + 3]
    if magic == single:
        return
    # The .hdr of Analyze, older than NIfTI, has no magic bytes at all.
    if magic == pair or layout.header is nib.Nifti1Header:
        raise InputError(
            f"{shown(path)} is the header of a .hdr/.img pair; convert the pair to one .nii file."
        )
    raise _bad_header(path, "unknown version")


@dataclass(frozen=True)
class _Extent:
    """Voxels along the three axes, volumes, and how they stand.

    Args:
        shape: Voxels along the three axes.
        volumes: How many images.
        interleaved: Whether they stand in the first axis of the file.
        flat: Whether the file has two axes.
        notes: What its user should know of that.
    """

    shape: tuple[int, int, int]
    volumes: int
    interleaved: bool = False
    flat: bool = False
    notes: tuple[str, ...] = ()


def _extent(head: bytes, order: str, layout: _Layout, path: Path) -> _Extent:
    position, numbers = layout.dims
    rank, *lengths = struct.unpack_from(order + numbers, head, position)
    if not 1 <= rank <= 7 or min(lengths[:rank]) < 1:
        raise _bad_header(path, f"an image of {_times(lengths[:3])} voxels")
    lengths = lengths[:rank]
    while len(lengths) > 3 and lengths[-1] == 1:
        lengths.pop()
    if len(lengths) == 2:
        return _Extent((lengths[0], lengths[1], 1), 1, flat=True)
    if len(lengths) < 2:
        raise _bad_header(path, f"an image of {_times(lengths)} voxels")
    if len(lengths) == 5 and lengths[3] == 1:  # the vectors of ITK
        lengths.pop(3)
    if len(lengths) == 4 and lengths[0] <= MAX_VOLUMES < min(lengths[1:]):
        note = (
            f"{shown(path)} has its images along the first of its axes; the other three were taken "
            "for those of space. Check the side."
        )
        return _Extent(
            (lengths[1], lengths[2], lengths[3]), lengths[0], interleaved=True, notes=(note,)
        )
    if len(lengths) > 4 or (len(lengths) == 4 and lengths[3] > MAX_VOLUMES):
        raise InputError(
            f"{shown(path)} is a series of {_times(lengths)} voxels; "
            f"give one volume for each modality, or one 4D file of at most {MAX_VOLUMES} volumes."
        )
    shape = (lengths[0], lengths[1], lengths[2])
    return _Extent(shape, lengths[3] if len(lengths) == 4 else 1)


def _place_axes(header: nib.Nifti1Header, extent: _Extent) -> None:
    """Give the header three axes of space where the file has two, or others before them."""
    if extent.interleaved:
        header.set_data_shape(extent.shape)
    if not extent.flat:
        return
    header.set_data_shape(extent.shape)
    if header["sform_code"] > 0:
        affine = header.get_sform()
        if not affine[:3, 2].any():
            affine[:3, 2] = np.cross(affine[:3, 0], affine[:3, 1])
            affine[:3, 2] /= np.linalg.norm(affine[:3, 2]) or 1.0
            header.set_sform(affine)


def check_voxel_count(shape: tuple[int, int, int], max_voxels: int, path: Path) -> None:
    """Refuse a volume of more voxels than are read.

    Raises:
        InputError: with the limits.
    """
    if math.prod(shape) <= max_voxels and max(shape) <= _MAX_AXIS:
        return
    raise InputError(
        f"{shown(path)} claims {_times(shape)} voxels, more than the {max_voxels / 1e6:g} million "
        f"or the {_MAX_AXIS} along one axis that are allowed; resample it to 1 mm."
    )


def _check_numbers(head: bytes, order: str, layout: _Layout, path: Path) -> None:
    code = struct.unpack_from(order + "h", head, layout.type_code)[0]
    if code not in _NUMBERS:
        what = _OTHER_TYPES.get(code, f"values of the type {code}")
        raise InputError(f"{shown(path)} holds {what}; a scan holds one plain number a voxel.")


def _offset(head: bytes, order: str, layout: _Layout, path: Path, *, alone: bool) -> int:
    position, number = layout.offset
    offset = struct.unpack_from(order + number, head, position)[0]
    least = layout.header.single_vox_offset if alone else 0
    if not least <= offset <= _MAX_HEADER_BYTES:
        raise _bad_header(path, f"voxels from byte {offset:g} on")
    return int(offset)


def _parsed(block: bytes, order: str, layout: _Layout, path: Path) -> nib.Nifti1Header:
    header = _header_of(block, order, layout)
    # Where no affine is given the voxel size stands alone, and nibabel would make a 0 a 1.
    flat = header["dim"][0] == 2
    if flat and header["pixdim"][3] == 0:
        header["pixdim"][3] = 1
    if header["sform_code"] < 1 and not (np.abs(header["pixdim"][1:4]) > 0).all():
        raise _bad_header(path, "no voxel size")
    try:
        header.check_fix(logger=_quiet, error_level=logging.ERROR)
        header.get_slope_inter()
    except HeaderDataError as error:
        raise _bad_header(path, str(error).partition("\n")[0]) from error
    return header


def _header_of(block: bytes, order: str, layout: _Layout) -> nib.Nifti1Header:
    position, single, pair = layout.magic
    if block[position : position + 3] in (single, pair):
        return layout.header(block, endianness=order, check=False)
    # Of Analyze 7.5: where NIfTI has its forms, it has other things.
    analyze = nib.AnalyzeHeader(block, endianness=order, check=False)
    return nib.Nifti1Header.from_header(analyze, check=False)


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
        sizes = _times(f"{size:.3g}" for size in spacing)
        raise InputError(
            f"{shown(path)} has voxels of {sizes} mm; a scan has between {least:g} and {most:g} mm."
        )
    if abs(np.linalg.det(affine[:3, :3] / spacing)) < _MIN_DETERMINANT:
        raise InputError(f"{wrong} (axes on one plane); {right}.")


def check_size_on_disk(nifti: NiftiFile) -> None:
    """Refuse a file that is too short for its claim, or would unpack to far more.

    Raises:
        InputError: for either.
    """
    if not nifti.compressed and nifti.path.stat().st_size < nifti.n_bytes:
        raise cut_off(nifti.path)
    check_unpacked_size(nifti.n_bytes, nifti.path)


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


def _bad_header(path: Path, why: str) -> InputError:
    return InputError(f"{shown(path)} has a damaged header ({why}); copy or export it again.")


def _times(numbers: Iterable[object]) -> str:
    return "×".join(str(number) for number in numbers)
