"""Blocks: every number as it is stored, a few planes at a time."""

import nibabel as nib
import numpy as np
import pytest

from inference.io.volumes.nifti_blocks import read_blocks
from inference.io.volumes.nifti_guard import check_nifti


@pytest.mark.parametrize("dtype", ["u1", "i1", "<i2", ">i2", "<u2", "<i4", ">i4", "<u4", "<i8",
                                   "<u8", "<f4", ">f4", "<f8", ">f8"])  # fmt: skip
@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.Nifti2Image])
@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
def test_every_plain_number(tmp_path, read_stored, dtype, kind, suffix):
    values = np.arange(60).reshape(3, 4, 5).astype(dtype)
    header = kind.header_class(endianness=">" if dtype[0] == ">" else "<")
    header.set_data_dtype(dtype)
    path = tmp_path / f"x{suffix}"
    nib.save(kind(values, np.eye(4), header, dtype=values.dtype), path)
    stored = read_stored(path)[..., 0]
    assert stored.dtype == values.dtype
    np.testing.assert_array_equal(stored, values)


def test_blocks_follow_each_other(write_nifti, read_stored):
    """Planes of 2 MB, so that a volume takes several blocks."""
    values = np.broadcast_to(np.arange(9), (512, 512, 9))
    path = write_nifti("x.nii", np.stack([values, -values], axis=-1))
    blocks = [(block.volume, block.start) for block in read_blocks(check_nifti(path))]
    assert blocks == [(0, 0), (0, 4), (0, 8), (1, 0), (1, 4), (1, 8)]
    np.testing.assert_array_equal(
        read_stored(path)[0, 0], np.stack([range(9), range(0, -9, -1)], -1)
    )
