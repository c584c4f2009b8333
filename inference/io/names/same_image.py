"""Whether two files hold the same image, as ``T1.nii`` and ``T1.nii.gz`` mostly do."""

from pathlib import Path

import numpy as np

from common.errors import InputError
from inference.io.volumes.checked_file import check_file
from inference.io.volumes.nifti_blocks import read_blocks


def is_same_image(one: Path, other: Path) -> bool:
    """Whether two files have the same header, as far as it matters, and the same voxels.

    What cannot be read is the same as nothing.
    """
    try:
        files = [check_file(path) for path in (one, other)]
        first, second = (file.header for file in files)
        if files[0].shape != files[1].shape or files[0].volumes != files[1].volumes:
            return False
        if first.get_slope_inter() != second.get_slope_inter():
            return False
        if not np.array_equal(first.get_best_affine(), second.get_best_affine()):
            return False
        pairs = zip(*map(read_blocks, files), strict=True)
        return all(np.array_equal(block.voxels, same.voxels) for block, same in pairs)
    except (InputError, ValueError):
        return False
