"""Files of more voxels than are held: read on larger ones, whatever the format."""

import struct
import tracemalloc

import nibabel as nib
import numpy as np
import pytest
import SimpleITK

from common.errors import InputError
from inference.geometry.averaging import PlaneAverager
from inference.io.volumes.checked_file import check_file
from inference.io.volumes.shrunk_file import ShrunkFile
from inference.io.volumes.voxels import native_grid, read_into

SHAPE, WANT = (24, 20, 16), (12, 10, 8)
AFFINE = nib.affines.from_matvec(np.diag([-0.5, -0.5, 0.5]), [30.0, -20.0, 5.0])
LIMIT = 1500


def image(seed=0):
    return np.random.default_rng(seed).integers(1, 200, SHAPE).astype(np.int16)


def expected(voxels):
    taker = PlaneAverager(SHAPE, WANT)
    planes = [taker.add(plane) for plane in np.moveaxis(voxels.astype(np.float32), 2, 0)]
    return np.stack([plane for plane in planes if plane is not None], axis=-1)


def stored(path, number=0):
    """What is read of a file on its own axes."""
    file = check_file(path, max_voxels=LIMIT)
    assert isinstance(file, ShrunkFile)
    grid = native_grid(file)
    channel = np.zeros(grid.ras_shape, np.float32)
    read_into(file, {number: channel}, grid)
    return grid, grid.to_native(channel)


def written(folder, name, voxels):
    """A file of any format, at ``AFFINE``."""
    path = folder / name
    if name.endswith((".nii", ".nii.gz")):
        nib.save(nib.Nifti1Image(voxels, AFFINE), path)
    elif name.endswith(".hdr"):
        nib.save(nib.Nifti1Pair(voxels, AFFINE), path)
    elif name.endswith(".mgz"):
        nib.save(nib.MGHImage(voxels, AFFINE), path)
    else:
        itk = SimpleITK.GetImageFromArray(np.ascontiguousarray(voxels.T))
        itk.SetSpacing([0.5] * 3)
        itk.SetOrigin([-30.0, 20.0, 5.0])
        SimpleITK.WriteImage(itk, str(path), useCompression="packed" in name)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "a.nii",
        "a.nii.gz",
        "a.hdr",
        "a.mgz",
        "a.mha",
        "packed.mha",
        "a.mhd",
        "a.nrrd",
        "packed.nrrd",
    ],
)
def test_every_format(tmp_path, name):
    voxels = image()
    grid, found = stored(written(tmp_path, name, voxels))
    assert (grid.shape, grid.of_file.shape) == (WANT, SHAPE)
    np.testing.assert_allclose(grid.of_file.affine, AFFINE, atol=1e-5)
    np.testing.assert_allclose(found, expected(voxels), rtol=1e-5)


def test_volumes_of_one_file(tmp_path):
    volumes = np.stack([image(0), image(1)], axis=-1)
    path = tmp_path / "x.nii.gz"
    nib.save(nib.Nifti1Image(volumes, AFFINE), path)
    for number in range(2):
        _, found = stored(path, number)
        np.testing.assert_allclose(found, expected(volumes[..., number]), rtol=1e-5)


def test_images_along_the_first_axis(tmp_path):
    volumes = np.stack([image(0), image(1)])
    path = tmp_path / "x.nii"
    nib.save(nib.Nifti1Image(volumes, AFFINE), path)
    _, found = stored(path, 1)
    np.testing.assert_allclose(found, expected(volumes[1]), rtol=1e-5)


def test_slope_and_intercept_come_before_what_is_background(tmp_path):
    voxels = image()
    voxels[:10], voxels[11:13] = 10, 10  # 0 after them
    content = bytearray(nib.Nifti1Image(voxels, AFFINE).to_bytes())
    struct.pack_into("<2f", content, 112, 2.0, -20.0)
    path = tmp_path / "x.nii"
    path.write_bytes(content)
    _, found = stored(path)
    np.testing.assert_allclose(found, expected(voxels * 2.0 - 20), rtol=1e-4, atol=1e-3)
    assert not found[:5].any()


def test_it_is_said(tmp_path):
    file = check_file(written(tmp_path, "a.nii", image()), max_voxels=LIMIT)
    assert file.notes == (
        "Images of 24 × 20 × 16 voxels of 0.5 mm are worked on at 1 mm; the label maps are written "
        "on the voxels of the files.",
    )


def test_a_file_that_is_cut_off_is_refused_by_its_name(tmp_path):
    path = written(tmp_path, "a.nii.gz", image())
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InputError, match=r"a\.nii\.gz is cut off"):
        stored(path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.nii.gz", "packed.mha"])
def test_it_is_never_held_whole(tmp_path, name):
    """Of 50 MB as float32 the sixteenth that is read, and a few planes."""
    voxels = np.zeros((256, 256, 192), np.int16)
    voxels[64:192, 64:192, 48:144] = 700
    path = written(tmp_path, name, voxels)
    file = check_file(path, max_voxels=800_000)
    grid = native_grid(file)
    tracemalloc.start()
    channel = np.zeros(grid.ras_shape, np.float32)
    read_into(file, {0: channel}, grid)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert channel.max() == pytest.approx(700, rel=1e-5)
    assert peak < 40_000_000


def test_what_fits_is_left_as_it_is(tmp_path):
    file = check_file(written(tmp_path, "a.nii", image()))
    assert file.shape == SHAPE
    assert not isinstance(file, ShrunkFile)


@pytest.mark.parametrize(("shape", "refused"), [((512, 512, 512), False), ((512, 512, 640), True)])
def test_what_is_larger_than_any_scan_is_refused(write_nifti, shape, refused):
    """The header alone is looked at, in a file that would be too short for either."""
    path = write_nifti("x.nii", edit=None)
    head = nib.Nifti1Header()
    head.set_data_shape(shape)
    head.set_data_dtype(np.int16)
    head.set_sform(AFFINE, 1)
    head["magic"], head["vox_offset"] = b"n+1", 352
    path.write_bytes(head.binaryblock + bytes(4))
    words = "claims 512×512×640 voxels, more than the 140 million" if refused else "is cut off"
    with pytest.raises(InputError, match=words):
        check_file(path)
