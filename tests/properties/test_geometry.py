"""Whatever the orientation and shape of a file: each voxel stays where it is, in and out."""

import itertools
import tempfile
from pathlib import Path

import nibabel as nib
import numpy as np
from hypothesis import given
from hypothesis import strategies as draw

from inference.geometry.native_grid import NativeGrid
from inference.io.volumes.checked_file import check_file
from inference.io.volumes.voxels import native_grid, read_into

ORIENTATIONS = [
    nib.orientations.inv_ornt_aff(np.column_stack([order, signs]), (1, 1, 1))[:3, :3]
    for order in itertools.permutations(range(3))
    for signs in itertools.product((1, -1), repeat=3)
]
SHAPES = draw.tuples(*[draw.integers(1, 7)] * 3)
SPACINGS = draw.tuples(*[draw.floats(0.1, 9)] * 3)
ORIGINS = draw.tuples(*[draw.floats(-300, 300)] * 3)
KINDS = draw.sampled_from([np.uint8, np.int16, np.float32, np.float64, np.int64])


def affine_of(axes, spacing, origin):
    return nib.affines.from_matvec(axes * np.array(spacing), origin)


@given(draw.sampled_from(ORIENTATIONS), SHAPES, SPACINGS, ORIGINS)
def test_there_and_back_is_the_same_array(axes, shape, spacing, origin):
    affine = affine_of(axes, spacing, origin)
    header = nib.Nifti1Image(np.zeros(shape, np.uint8), affine).header
    grid = NativeGrid(shape, affine, header)
    array = np.arange(np.prod(shape)).reshape(shape)
    there = grid.to_ras(array)
    assert there.shape == grid.ras_shape
    assert nib.aff2axcodes(grid.ras_affine) == ("R", "A", "S")
    np.testing.assert_array_equal(grid.to_native(there), array)


@given(draw.sampled_from(ORIENTATIONS), SHAPES, SPACINGS, ORIGINS, KINDS)
def test_a_voxel_that_is_read_lies_where_the_header_says(axes, shape, spacing, origin, kind):
    affine = affine_of(axes, spacing, origin)
    voxels = (np.arange(np.prod(shape)) % 100).reshape(shape).astype(kind)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x_t1.nii.gz"
        nib.save(nib.Nifti1Image(voxels, affine, dtype=kind), path)
        file = check_file(path)
        grid = native_grid(file)
        read = np.zeros(grid.ras_shape, np.float32)
        read_into(file, {0: read}, grid)
    for index in np.ndindex(*shape):
        world = affine @ [*index, 1]
        place = np.linalg.solve(grid.ras_affine, world)[:3]
        assert read[tuple(np.rint(place).astype(int))] == voxels[index]
