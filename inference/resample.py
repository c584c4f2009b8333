"""From one voxel grid to another of the same patient, by where the files say they lie.

Linear for images and nearest neighbour for labels. Nothing is registered: where two headers do
not tell of the same place, the images do not lie on each other after this either.
"""

import numpy as np

from inference.geometry import NativeGrid

LINEAR, NEAREST = 1, 0


def resample(
    array: np.ndarray, *, of: NativeGrid, onto: NativeGrid, order: int = LINEAR
) -> np.ndarray:
    """Read an array off at the voxel centres of another grid.

    Args:
        array: (X, Y, Z) in RAS+ order, on the grid ``of``.
        of: The grid the array lies on.
        onto: The grid of the answer.
        order: ``LINEAR`` or ``NEAREST``.

    Returns:
        (X, Y, Z) in RAS+ order and the dtype of ``array``; 0 outside what it covers.
    """
    from scipy import ndimage  # here, so that the first page need not wait for scipy

    there_to_here = np.linalg.inv(of.ras_affine) @ onto.ras_affine
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
