"""The slices of a scan as pictures, one file a slice or the pages of one, put to a volume.

What one picture cannot show, all together do: an empty slice at the end of a stack in colour is in
colour too, and no photograph.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from common.errors import InputError
from inference.io.names.wording import shown
from inference.io.slices.decoded_file import DecodedFile, decoded_stack
from inference.io.slices.hyperstack import Hyperstack, hyperstack_of, may_be_hyperstack
from inference.io.slices.numbered_slices import MAX_SLICES, Series
from inference.io.slices.pictures import (
    MAX_COLOURED_MARKS,
    PictureClaim,
    dark_border_missing,
    is_label_map,
    page_claims,
    page_description,
    page_pixels,
    picture_claim,
    picture_pixels,
    quiet_background,
    share_in_colour,
    too_many_pages,
)
from inference.io.volumes.claims import MAX_VOLUMES, MAX_VOXELS

# Where in a stack it is tested whether a slice stands before a dark background.
_LOOKED_AT = (0.3, 0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True)
class _Slices:
    """Slices that have not been unpacked, and what to call them.

    Args:
        path: What names them all.
        together: What they are called together, in the plural.
        each: What each is called.
        stems: What each is called as a file.
        notes: What the user should know of their order.
        claims: What each claims to be.
        unpack: Gives the pixels of all; its ``labels`` is whether those of a palette are labels.
    """

    path: Path
    together: str
    each: Sequence[str]
    stems: tuple[str, ...]
    notes: tuple[str, ...]
    claims: Sequence[PictureClaim]
    unpack: Callable[..., list[np.ndarray]]


def read_stack(series: Series, *, max_voxels: int = MAX_VOXELS) -> DecodedFile:
    """Read the slices of a scan; their sizes are checked before a pixel is unpacked.

    Args:
        series: The pictures in the order of the slices.
        max_voxels: Most voxels of one channel.

    Returns:
        One channel where no slice has colours, else red, green and blue of every slice.

    Raises:
        InputError: where a picture is refused, two differ in size or depth, they hold too many
            voxels together, or they look like photographs.
    """
    of = _Slices(
        path=series.path,
        together=shown(series.path),
        each=[shown(file) for file in series.files],
        stems=tuple(file.stem for file in series.files),
        notes=series.notes(),
        claims=[picture_claim(file) for file in series.files],
        unpack=partial(_unpacked, series),
    )
    return _read(of, max_voxels)


def read_pages(path: Path, *, max_voxels: int = MAX_VOXELS) -> DecodedFile:
    """Read the pages of a TIFF as the slices of a scan, as :func:`read_stack` reads pictures.

    Raises:
        InputError: as there, and for more pages than a scan has slices.
    """
    description = page_description(path)
    most = MAX_SLICES * (MAX_VOLUMES if may_be_hyperstack(description) else 1)
    claims = page_claims(path, most=most)
    images = hyperstack_of(description, len(claims))
    if images is None and len(claims) > MAX_SLICES:
        raise too_many_pages(path, MAX_SLICES)
    numbers = range(1, len(claims) + 1)
    of = _Slices(
        path=path,
        together=f"The pages of {shown(path)}",
        each=[f"{shown(path)} (page {number})" for number in numbers],
        stems=tuple(f"{path.stem}_{number:03}" for number in numbers),
        notes=("The slices were taken in the order of the pages; which end is up is not known.",),
        claims=claims,
        unpack=partial(page_pixels, path, most=len(claims)),
    )
    read = _read(of, max_voxels * (images.channels if images else 1))
    return read if images is None else _of_several_images(read, images)


def _of_several_images(read: DecodedFile, images: Hyperstack) -> DecodedFile:
    """The pages of a hyperstack as images of the same slices."""
    if read.colour:
        raise InputError(
            f"{shown(read.path)} holds {images.channels} images in colour; save them in grey."
        )
    if images.channels > MAX_VOLUMES:
        raise InputError(
            f"{shown(read.path)} holds {images.channels} images of {images.slices} slices; give "
            f"one of each modality, at most {MAX_VOLUMES}."
        )
    names = tuple(f"{read.path.stem}_{number:03}" for number in range(1, images.slices + 1))
    return decoded_stack(
        read.path, images.arrange(read.voxels), notes=read.notes, slice_names=names
    )


def _unpacked(series: Series, *, labels: bool) -> list[np.ndarray]:
    return [picture_pixels(file, labels=labels) for file in series.files]


def _read(of: _Slices, max_voxels: int) -> DecodedFile:
    _check_size(of, max_voxels)
    labels = all(claim.mode == "P" for claim in of.claims)
    slices = of.unpack(labels=labels)
    if labels and any(pixels.ndim == 3 for pixels in slices):
        slices = of.unpack(labels=False)
    in_colour = any(pixels.ndim == 3 for pixels in slices)
    slices, notes = _all_grey_or_all_colours(slices, of)
    _check_alike(slices, of)
    _refuse_photographs(slices, of)
    if any(claim.lossy for claim in of.claims) and slices[0].dtype == np.uint8:
        slices = [quiet_background(pixels) for pixels in slices]
    # (H, W, Z) or (H, W, Z, 3)
    stacked = np.stack(slices, axis=2)
    voxels = stacked.reshape((*stacked.shape[:3], -1)).swapaxes(0, 1)
    read = decoded_stack(
        of.path,
        voxels,
        colour=stacked.ndim == 4,
        notes=(*of.notes, *notes),
        slice_names=of.stems,
    )
    return replace(read, grey_in_colour=in_colour and not read.colour)


def _check_size(of: _Slices, max_voxels: int) -> None:
    first = of.claims[0].size
    for name, claim in zip(of.each, of.claims, strict=True):
        if claim.size != first:
            raise _two_sizes(of.each[0], first, name, claim.size)
    width, height = first
    if width * height * len(of.claims) > max_voxels:
        raise InputError(
            f"{shown(of.path)} has {len(of.claims)} slices of {width}×{height} pixels; at most "
            f"{max_voxels / 1e6:.0f} million voxels are read."
        )


def _two_sizes(name: str, size: Sequence[int], other: str, other_size: Sequence[int]) -> InputError:
    here, there = ("×".join(map(str, sides)) for sides in (size, other_size))
    return InputError(
        f"{other} has {there} pixels and {name} {here}; export all slices of a scan at one size."
    )


def _all_grey_or_all_colours(
    slices: list[np.ndarray], of: _Slices
) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """One channel each, or three each, and notes on that."""
    if all(pixels.ndim == 2 for pixels in slices):
        return slices, ()
    share = float(np.mean([share_in_colour(pixels) for pixels in slices]))
    if share > MAX_COLOURED_MARKS:
        return [_in_three(pixels) for pixels in slices], ()
    grey = [pixels if pixels.ndim == 2 else pixels.max(axis=2) for pixels in slices]
    if not share:
        return grey, ()
    return grey, (f"{shown(of.path)} has marks in colour; give the slices without them.",)


def _in_three(pixels: np.ndarray) -> np.ndarray:
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


def _check_alike(slices: Sequence[np.ndarray], of: _Slices) -> None:
    """Numbers of 8 and of 16 bits are no shades of one scale; a tag may turn one slice."""
    for pixels, name in zip(slices, of.each, strict=True):
        if pixels.shape != slices[0].shape:
            sizes = (slices[0].shape[1::-1], pixels.shape[1::-1])
            raise _two_sizes(of.each[0], sizes[0], name, sizes[1])
        if pixels.dtype != slices[0].dtype:
            depths = (8 * slices[0].dtype.itemsize, 8 * pixels.dtype.itemsize)
            raise InputError(
                f"{name} has {depths[1]} bits a pixel and {of.each[0]} {depths[0]}; export all "
                "slices of a scan alike."
            )


def _refuse_photographs(slices: Sequence[np.ndarray], of: _Slices) -> None:
    looked_at = [slices[round(share * (len(slices) - 1))] for share in _LOOKED_AT]
    images = [pixels for pixels in looked_at if not is_label_map(pixels)]
    if sum(map(_is_photograph, images)) * 2 > len(images):
        raise InputError(
            f"{of.together} look like photographs or drawings: MRI slices stand before a "
            "dark background; export the slices alone, with the whole head in them."
        )


def _is_photograph(pixels: np.ndarray) -> bool:
    """Whether most of its channels lack a dark background; one may be grey there.

    A phase-sensitive T1 is, as in one of 40 patients of the LGG set.
    """
    channels = np.moveaxis(pixels, 2, 0) if pixels.ndim == 3 else [pixels]
    lacking = sum(map(dark_border_missing, channels))
    return lacking * 2 > len(channels)
