"""The images of one case laid on each other, and what was done about it in words.

One image stays: the T1c, or of those on the grid of the case the first. The truth never moves,
since it was drawn on an image of its own grid, and with a truth that grid is the grid of the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inference.geometry.native_grid import NativeGrid
from inference.geometry.registration import Motion, NotAlignedError, find_motion
from inference.io.scan_images import ScanImage


@dataclass(frozen=True, eq=False)
class Alignment:
    """What aligning a case gave.

    Args:
        motions: For each modality that is to be moved, as of
            :func:`inference.geometry.resampling.resample_image`.
        notes: Sentences on what was not done, what was, and the truth, in this order.
    """

    motions: dict[str, np.ndarray]
    notes: tuple[str, ...]


def align(images: Sequence[ScanImage], grid: NativeGrid, *, truth: str | None) -> Alignment:
    """Find how every image of a case is to be moved to lie on the one that stays.

    An image that cannot be aligned well stays where its header places it, with a note.

    Args:
        images: At least one that is not all zero.
        grid: The grid of the case.
        truth: The name of the truth's file, where there is one.
    """
    seen = [image for image in images if image.voxels.any()]
    stays = _reference(seen, grid)
    others = [image for image in seen if image is not stays]
    if not others:
        return Alignment({}, (f"{stays.name} is the only image: nothing was aligned.",))
    found: list[tuple[ScanImage, Motion]] = []
    notes = []
    for image in others:
        try:
            found.append((image, _motion(image, stays)))
        except NotAlignedError as error:
            notes.append(_not_aligned(image, stays, error))
    if found:
        notes.append(_aligned(found, stays))
    if truth:
        notes.append(_of_truth(truth, stays, grid))
    motions = {image.modality: motion.matrix for image, motion in found if not motion.negligible}
    return Alignment(motions, tuple(notes))


def _reference(images: Sequence[ScanImage], grid: NativeGrid) -> ScanImage:
    """The image that stays."""
    here = [image for image in images if not image.grid.differs_from(grid)] or images
    return next((image for image in here if image.modality == "t1c"), here[0])


def _motion(image: ScanImage, stays: ScanImage) -> Motion:
    return find_motion(image.voxels, of=image.grid, reference=stays.voxels, onto=stays.grid)


def _not_aligned(image: ScanImage, stays: ScanImage, error: NotAlignedError) -> str:
    return (
        f"{image.name} was not aligned to {stays.name} and stays where its header places it: "
        f"{error}; check that both are of one patient and one examination."
    )


def _aligned(found: Sequence[tuple[ScanImage, Motion]], stays: ScanImage) -> str:
    """One sentence on all that went well."""
    parts = [
        f"{image.name} was moved by {motion.shift_mm:.1f} mm and turned by "
        f"{motion.turn_degrees:.1f}°"
        for image, motion in found
        if not motion.negligible
    ]
    parts += [f"{image.name} already lay on it" for image, motion in found if motion.negligible]
    return f"Aligned to {stays.name}: {', '.join(parts)}. Check that they lie on each other."


def _of_truth(truth: str, stays: ScanImage, grid: NativeGrid) -> str:
    if stays.grid.differs_from(grid):
        return (
            f"{truth} lies on the grid of none of the images and was not moved; check that it "
            "lies on them before you rely on a score."
        )
    return f"{truth} was not moved: it lies on the grid of {stays.name}, which was not either."
