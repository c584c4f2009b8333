"""From one voxel grid to another of the same patient, by where their headers place them.

Linear or cubic for images and nearest neighbour for labels. Where two headers do not agree on the
place, the images lie on each other only after a motion that :mod:`inference.geometry.registration`
found.
"""

import numpy as np

from inference.geometry.native_grid import NativeGrid

CUBIC, LINEAR, NEAREST = 3, 1, 0
_AROUND = 1


def resample(
    array: np.ndarray,
    *,
    of: NativeGrid,
    onto: NativeGrid,
    order: int = LINEAR,
    motion: np.ndarray | None = None,
) -> np.ndarray:
    """Read an array off at the voxel centres of another grid.

    Args:
        array: (X, Y, Z) in RAS+ order, on the grid ``of``.
        of: The grid the array lies on.
        onto: The grid of the answer.
        order: ``LINEAR`` or ``NEAREST``.
        motion: (4, 4) from a place in the world of ``onto`` to the place in that of ``of`` which
            shows the same, in mm; None where headers agree on the place.

    Returns:
        (X, Y, Z) in RAS+ order and the dtype of ``array``; 0 outside what it covers.
    """
    from scipy import ndimage  # here, so that the first page need not wait for scipy

    moved = np.eye(4) if motion is None else motion
    there_to_here = np.linalg.inv(of.ras_affine) @ moved @ onto.ras_affine
    # "grid-constant": rounding must not push the outermost voxels of an equal grid over the edge.
    return ndimage.affine_transform(
        array,
        there_to_here,
        output_shape=onto.ras_shape,
        output=array.dtype,
        order=order,
        mode="grid-constant",
        cval=0,
    )


def resample_sharply(
    image: np.ndarray, *, of: NativeGrid, onto: NativeGrid, motion: np.ndarray
) -> np.ndarray:
    """Read an image off at the voxel centres of another grid, by cubic splines.

    A linear mean of neighbours blurs most where a voxel centre lies between them; a spline keeps
    what the image shows (Thévenaz, Blu and Unser 2000, https://doi.org/10.1109/42.875199). It
    may overshoot beside an edge; what would be darker or brighter than anything in the image is
    not.

    Args:
        image: (X, Y, Z) float32 in RAS+ order.
        of: Its grid.
        onto: The grid of the answer.
        motion: As of :func:`resample`.

    Returns:
        (X, Y, Z) float32 in RAS+ order; the outermost voxels reach out by one more, 0 beyond.
    """
    from scipy import ndimage  # here, so that the first page need not wait for scipy

    there_to_here = np.linalg.inv(of.ras_affine) @ motion @ onto.ras_affine
    there_to_here[:3, 3] += _AROUND
    around = np.pad(image, _AROUND, mode="edge")
    # In float32: scipy's own choice takes twice the memory.
    splines = ndimage.spline_filter(around, order=CUBIC, output=np.float32)
    read: np.ndarray = ndimage.affine_transform(
        splines,
        there_to_here,
        output_shape=onto.ras_shape,
        output=np.float32,
        order=CUBIC,
        mode="constant",
        cval=0,
        prefilter=False,
    )
    return np.clip(read, image.min(), image.max(), out=read)


def resample_image(
    image: np.ndarray, *, of: NativeGrid, onto: NativeGrid, motion: np.ndarray | None = None
) -> np.ndarray:
    """Read an image off at the voxel centres of another grid, by linear interpolation of tissue.

    Tissue is what is not exactly 0, for everything after this too. Averaged with the background,
    its edge would be a rim that is dark and yet tissue; so a voxel is tissue where at least half of
    what it is read from is, takes its value from that half alone, and is exactly 0 elsewhere.

    Args:
        image: (X, Y, Z) float32 in RAS+ order, background 0.
        of: Its grid.
        onto: The grid of the answer.
        motion: As of :func:`resample`.

    Returns:
        (X, Y, Z) float32 in RAS+ order.
    """
    tissue = (image != 0).astype(np.float32)
    share = resample(tissue, of=of, onto=onto, motion=motion)
    read = resample(image, of=of, onto=onto, motion=motion)
    inside = share >= 0.5
    np.divide(read, share, out=read, where=inside)
    read[~inside] = 0
    return read
