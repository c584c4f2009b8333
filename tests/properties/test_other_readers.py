"""Pictures, arrays, slices of DICOM and archives of any content: read as it is, or refused."""

import io
import tarfile
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as draw
from hypothesis.extra import numpy as draw_arrays
from PIL import Image

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.dicom.volumes.pixels import read_volume
from inference.io.archives.archive import unpacked
from inference.io.volumes.checked_file import check_file
from inference.io.volumes.nifti_blocks import read_blocks
from tests.inference.dicom.made import dataset, write

SIDES = draw.integers(32, 48)
SHAPES = draw.tuples(SIDES, SIDES)
DTYPES = draw.sampled_from(["u1", "i1", "<u2", ">u2", "<i2", ">i4", "<f4", ">f4", "<f8"])
NAMES = draw.text(min_size=1, max_size=30).filter(lambda name: "\0" not in name)
PLACES = draw.lists(
    draw.one_of(NAMES, draw.sampled_from(["..", ".", "a", "C:", "x_t1.nii", ""])),
    min_size=1,
    max_size=4,
)


def values_of(path: Path) -> np.ndarray:
    """All voxels of a file, in order of their size."""
    blocks = read_blocks(check_file(path))
    return np.sort(np.concatenate([block.voxels.ravel() for block in blocks]))


@given(draw.data(), SHAPES, DTYPES, draw.booleans())
def test_an_array_is_read_as_numpy_reads_it(data, shape, kind, fortran):
    limits = {"min_value": -(2.0**100), "max_value": 2.0**100} if "f" in kind else {}
    numbers = draw_arrays.from_dtype(np.dtype(kind), **limits)
    few = data.draw(draw.lists(numbers, min_size=2, max_size=9))
    array = np.resize(np.array(few, kind), shape)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x_t1.npy"
        np.save(path, np.asfortranarray(array) if fortran else array)
        np.testing.assert_array_equal(values_of(path), np.sort(array.ravel()))


@given(SHAPES, draw.sampled_from(["u1", "u2"]), draw.integers(0, 2**32 - 1))
def test_a_grey_picture_is_read_as_it_was_written(shape, kind, seed):
    pixels = np.zeros(shape, kind)  # a slice stands before a dark background
    inside = pixels[8:-8, 8:-8]
    inside[:] = np.random.default_rng(seed).integers(0, np.iinfo(kind).max, inside.shape)
    with tempfile.TemporaryDirectory() as folder:
        for ending in ("png", "tif"):
            path = Path(folder) / f"x_t1.{ending}"
            Image.fromarray(pixels).save(path)
            np.testing.assert_array_equal(values_of(path), np.sort(pixels.ravel()))


@given(
    draw.tuples(draw.integers(1, 9), draw.integers(1, 9)),
    draw.booleans(),
    draw.integers(1, 16),
    draw.floats(0.001, 100),
    draw.floats(-1000, 1000),
    draw.integers(0, 2**32 - 1),
)
def test_a_slice_of_dicom_is_what_its_bits_say(shape, signed, bits, slope, intercept, seed):
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if signed else (0, 2**bits)
    stored = np.random.default_rng(seed).integers(least, most, (4, *shape))
    slope, intercept = float(f"{slope:.6g}"), float(f"{intercept:.6g}")
    with tempfile.TemporaryDirectory() as folder:
        for index, pixels in enumerate(stored):
            ds = dataset(index)
            ds.Rows, ds.Columns = shape
            ds.BitsStored, ds.HighBit, ds.PixelRepresentation = bits, bits - 1, int(signed)
            ds.RescaleSlope, ds.RescaleIntercept = slope, intercept
            ds.PixelData = (pixels & (2**bits - 1)).astype(np.uint16).tobytes()
            write(ds, Path(folder) / f"{index}")
        [exam] = find_exams([Path(folder)]).exams
        volume = read_volume(exam.series[0])
    expected = stored.astype(np.float32) * np.float32(slope) + np.float32(intercept)
    np.testing.assert_array_equal(volume, np.transpose(expected, (2, 1, 0)))


def zip_of(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tar_of(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def files_of(archive: Path) -> set[bytes] | str:
    """What the files in an archive hold, or why it is refused."""
    try:
        with unpacked(archive, any_name=True) as folder:
            return {file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    except InputError as error:
        return str(error)


@given(draw.lists(PLACES, min_size=1, max_size=4), draw.sampled_from([zip_of, tar_of]))
def test_whatever_its_files_are_called_an_archive_leads_nowhere(places, pack):
    members = {"/".join(place): f"content {at}".encode() for at, place in enumerate(places)}
    try:
        packed = pack(members)
    except ValueError:  # no program packs such a name
        assume(False)
    leads_out = any(".." in PurePosixPath(name).parts for name in members)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.archive"
        path.write_bytes(packed)
        found = files_of(path)
        assert list(Path(folder).iterdir()) == [path]
    if isinstance(found, str):
        assert found.isprintable()
    else:
        assert not leads_out
        assert found <= set(members.values())
