"""Where a NIfTI header keeps what it claims, and which axes its voxels have."""

import struct
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np

from common.errors import InputError
from inference.io.names.wording import shown
from inference.io.volumes.claims import MAX_VOLUMES, times


@dataclass(frozen=True)
class Layout:
    """Where the header of one version of NIfTI keeps what the guard needs."""

    header: type[nib.Nifti1Header]
    magic: tuple[int, bytes, bytes]  # position, of a single file, of a .hdr/.img pair
    dims: tuple[int, str]  # position, struct format
    type_code: int
    offset: tuple[int, str]


LAYOUTS = {
    348: Layout(nib.Nifti1Header, (344, b"n+1", b"ni1"), (40, "8h"), 70, (108, "f")),
    540: Layout(nib.Nifti2Header, (4, b"n+2", b"ni2"), (16, "8q"), 12, (168, "q")),
}


@dataclass(frozen=True)
class Extent:
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


def extent_of(head: bytes, order: str, layout: Layout, path: Path) -> Extent:
    """The axes that a header claims.

    Args:
        head: The first bytes of the file.
        order: ``"<"`` or ``">"``.
        layout: Of its version.
        path: The file, for its name.

    Raises:
        InputError: where they are damaged, or more than a few images.
    """
    position, numbers = layout.dims
    rank, *lengths = struct.unpack_from(order + numbers, head, position)
    if not 1 <= rank <= 7 or min(lengths[:rank]) < 1:
        raise bad_header(path, f"an image of {times(lengths[:3])} voxels")
    lengths = lengths[:rank]
    while len(lengths) > 3 and lengths[-1] == 1:
        lengths.pop()
    if len(lengths) == 2:
        return Extent((lengths[0], lengths[1], 1), 1, flat=True)
    if len(lengths) < 2:
        raise bad_header(path, f"an image of {times(lengths)} voxels")
    if len(lengths) == 5 and lengths[3] == 1:  # the vectors of ITK
        lengths.pop(3)
    if len(lengths) == 4 and lengths[0] <= MAX_VOLUMES < min(lengths[1:]):
        note = (
            f"{shown(path)} has its images along the first of its axes; the other three were taken "
            "for those of space. Check the side."
        )
        return Extent(
            (lengths[1], lengths[2], lengths[3]), lengths[0], interleaved=True, notes=(note,)
        )
    if len(lengths) > 4 or (len(lengths) == 4 and lengths[3] > MAX_VOLUMES):
        raise InputError(
            f"{shown(path)} is a series of {times(lengths)} voxels; "
            f"give one volume for each modality, or one 4D file of at most {MAX_VOLUMES} volumes."
        )
    shape = (lengths[0], lengths[1], lengths[2])
    return Extent(shape, lengths[3] if len(lengths) == 4 else 1)


def place_axes(header: nib.Nifti1Header, extent: Extent) -> None:
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


def size_and_byte_order(head: bytes) -> tuple[int, str]:
    """What would be the size of a NIfTI header, read in the byte order where it makes sense."""
    sizes = {order: struct.unpack_from(order + "i", head.ljust(4, b"\0"))[0] for order in "<>"}
    order = ">" if sizes[">"] in LAYOUTS else "<"
    return sizes[order], order


def header_of(block: bytes, order: str, layout: Layout) -> nib.Nifti1Header:
    """A header as nibabel has it, nothing in it checked."""
    position, single, pair = layout.magic
    if block[position : position + 3] in (single, pair):
        return layout.header(block, endianness=order, check=False)
    # Of Analyze 7.5: where NIfTI has its forms, it has other things.
    analyze = nib.AnalyzeHeader(block, endianness=order, check=False)
    return nib.Nifti1Header.from_header(analyze, check=False)


def bad_header(path: Path, why: str) -> InputError:
    """The refusal of a header that makes no sense."""
    return InputError(f"{shown(path)} has a damaged header ({why}); copy or export it again.")
