"""Tiny cases on disk, whole and broken, for every test of the way in."""

import gzip
import struct
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.io.volumes.nifti_blocks import read_blocks
from inference.io.volumes.nifti_guard import check_nifti

# As BraTS writes it: columns run to the left, rows to the back.
LPS = np.diag([-1.0, -1.0, 1.0, 1.0]) + np.outer([0, 239, 0, 0], [0, 0, 0, 1])
SUFFIXES = {"t1": "t1", "t1c": "t1ce", "t2": "t2", "flair": "flair"}


def small_image(seed: int = 0) -> np.ndarray:
    """(9, 8, 7) int16: whole numbers 1 to 3 in the middle of a background of 0."""
    image = np.zeros((9, 8, 7), np.int16)
    image[2:7, 2:6, 2:5] = np.random.default_rng(seed).integers(1, 4, (5, 4, 3))
    return image


def as_bytes(array: np.ndarray, affine: np.ndarray = LPS, kind: type = nib.Nifti1Image) -> bytes:
    return kind(array, affine, dtype=array.dtype).to_bytes()


@pytest.fixture
def make_image():
    return small_image


@pytest.fixture
def write_nifti(tmp_path):
    def write(name, array=None, *, affine=LPS, kind=nib.Nifti1Image, edit=None):
        """Write an array; `edit` may change the header of the image before."""
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        array = small_image() if array is None else array
        image = kind(array, affine, dtype=array.dtype)
        if edit:
            edit(image.header)
        nib.save(image, path)
        return path

    return write


@pytest.fixture
def write_case(write_nifti):
    def write(folder="P1", modalities=MODALITIES, *, truth=False, stem=None, suffix=".nii.gz"):
        """Write a folder in the naming of BraTS 2018 and return it."""
        stem = Path(folder).name if stem is None else stem
        for seed, modality in enumerate(modalities):
            name = f"{stem}_{SUFFIXES[modality]}{suffix}"
            path = write_nifti(f"{folder}/{name}", small_image(seed))
        if truth:
            labels = small_image(9).astype(np.uint8)
            path = write_nifti(f"{folder}/{stem}_seg{suffix}", labels)
        return path.parent

    return write


@pytest.fixture
def read_stored():
    def read(path):
        """All voxels of a file, as they are stored."""
        nifti = check_nifti(path)
        voxels = np.empty((*nifti.shape, nifti.volumes), nifti.header.get_data_dtype())
        for block in read_blocks(nifti):
            voxels[..., block.planes, block.volume] = block.voxels
        return voxels

    return read


@pytest.fixture(scope="session")
def real_case(real_data):
    """A folder of BraTS 2018 in its original intensities, with a truth."""
    folder = real_data / "Brats18_TCIA01_378_1"
    if not folder.is_dir():
        pytest.skip(f"no real case: {folder} is absent")
    return folder


# --- the zoo -------------------------------------------------------------------------------

GOOD = as_bytes(small_image())
GOOD_2 = as_bytes(small_image(), kind=nib.Nifti2Image)
PACKED = gzip.compress(GOOD, mtime=0)


def patched(data: bytes, offset: int, numbers: str, *values: float) -> bytes:
    """Overwrite a field of a little-endian header."""
    field = struct.pack("<" + numbers, *values)
    return data[:offset] + field + data[offset + len(field) :]


def _sform(rows: np.ndarray) -> bytes:
    return patched(GOOD, 280, "12f", *np.asarray(rows, float)[:3].ravel())


def _dims(*numbers: int) -> bytes:
    return patched(GOOD, 40, f"{len(numbers)}h", *numbers)


# No sform, so that the affine is built from the quaternion.
_QFORM = patched(GOOD, 252, "2h", 1, 0)

# Each with words of its refusal, so that none is refused for another's fault.
ZOO = {
    "empty": (b"", "is empty"),
    "three bytes": (b"n+1", "is a text file"),
    "text": (b"patient,age\n" * 50, "is a text file"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(500), "is a PNG picture"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(500), "is a JPEG picture"),
    "dicom": (bytes(128) + b"DICM" + bytes(900), "is a DICOM file"),
    "noise": (np.random.default_rng(0).bytes(5000), "is not a NIfTI file"),
    "half a header": (GOOD[:200], "cut off"),
    "header only": (GOOD[:352], "cut off"),
    "one byte short": (GOOD[:-1], "cut off"),
    "gzip, header only": (gzip.compress(GOOD[:352]), "cut off"),
    "gzip, one byte short": (gzip.compress(GOOD[:-1]), "cut off"),
    "gzip, cut in the header": (PACKED[:60], "cut off"),
    "gzip, cut in the middle": (PACKED[: len(PACKED) // 2], "cut off"),
    "gzip, cut in the checksum": (PACKED[:-4], "cut off"),
    "gzip, wrong checksum": (PACKED[:-8] + bytes(4) + PACKED[-4:], "is damaged"),
    "gzip, damaged": (PACKED[:-40] + bytes(16) + PACKED[-24:], "is damaged"),
    "gzip, magic only": (b"\x1f\x8b", "cut off"),
    "gzip of nothing": (gzip.compress(b""), "is empty"),
    "gzip of text": (gzip.compress(b"patient,age\n" * 50), "is a text file"),
    "gzip of gzip": (gzip.compress(PACKED), "is a gzip archive inside another"),
    "bytes that ask for 8 GB": (gzip.compress(_dims(3, 2000, 2000, 1000)[:352]), "claims"),
    "more after the end": (gzip.compress(GOOD + bytes(2_000_000)), "more than its header states"),
    "pair": (patched(GOOD, 344, "4s", b"ni1\0"), ".hdr/.img pair"),
    "analyze": (patched(GOOD, 344, "4s", bytes(4)), ".hdr/.img pair"),
    "no axes": (_dims(0), "damaged header (an image of"),
    "nine axes": (_dims(9), "damaged header (an image of"),
    "zero length": (_dims(3, 9, 0, 7), "damaged header (an image of 9×0×7"),
    "negative length": (_dims(3, 9, -8, 7), "damaged header (an image of 9×-8×7"),
    "a line": (_dims(1, 9), "damaged header (an image of 9 voxels"),
    "sixty volumes": (_dims(4, 9, 8, 7, 60), "a series of 9×8×7×60"),
    "five axes": (_dims(5, 9, 8, 7, 2, 3), "a series of 9×8×7×2×3"),
    "too many voxels": (_dims(3, 1000, 1000, 1000), "claims 1000×1000×1000 voxels"),
    "one long axis": (_dims(3, 32767, 1, 1), "claims 32767×1×1 voxels"),
    "colours": (patched(GOOD, 70, "2h", 128, 24), "holds colours"),
    "complex": (patched(GOOD, 70, "2h", 32, 64), "holds complex numbers"),
    "unknown type": (patched(GOOD, 70, "2h", 77, 16), "holds values of the type 77"),
    "voxels inside the header": (patched(GOOD, 108, "f", 0), "voxels from byte 0"),
    "voxels far away": (patched(GOOD, 108, "f", 1e9), "voxels from byte 1e+09"),
    "voxels nowhere": (patched(GOOD, 108, "f", np.nan), "voxels from byte nan"),
    "affine not finite": (_sform(LPS * [np.nan, 1, 1, 1]), "not numbers"),
    "affine on a plane": (_sform(LPS[:, [0, 0, 2, 3]]), "axes on one plane"),
    "affine zero": (_sform(np.zeros((4, 4))), "voxels of 0×0×0 mm"),
    "affine in metres": (_sform(LPS / 1000), "voxels of 0.001×0.001×0.001 mm"),
    "broken rotation": (patched(_QFORM, 256, "3f", 3, 3, 3), "damaged rotation"),
    "rotation not finite": (patched(_QFORM, 256, "3f", np.nan, 0, 0), "not numbers"),
    "no voxel size": (patched(_QFORM, 80, "3f", 0, 0, 0), "no voxel size"),
    "infinite intercept": (patched(GOOD, 112, "2f", 1, np.inf), "intercept inf"),
    "second version, wrong magic": (patched(GOOD_2, 4, "4s", b"n+3\0"), "unknown version"),
    "second version, cut": (GOOD_2[:400], "cut off"),
    "second version, endless": (patched(GOOD_2, 16, "4q", 3, 2**40, 2**40, 2**40), "claims"),
    "second version, negative": (patched(GOOD_2, 16, "4q", 3, 9, 8, -7), "an image of 9×8×-7"),
}
HEALTHY = {
    "plain": GOOD,
    "gzip": PACKED,
    "gzip in two members": gzip.compress(GOOD[:500]) + gzip.compress(GOOD[500:]),
    "some padding": GOOD + bytes(512),
    "gzip, some padding": gzip.compress(GOOD + bytes(512)),
    "second version": GOOD_2,
    "trailing axes of one": _dims(5, 9, 8, 7, 1, 1),
    "faults that nibabel repairs": patched(GOOD, 76, "4f", 0, -1, 1, 1),
}


@pytest.fixture(params=ZOO)
def zoo_member(request):
    return request.param


@pytest.fixture
def corrupt_file(zoo_member, tmp_path):
    """A file that is called a T1 and must be refused, whichever way it comes in."""
    path = tmp_path / "zoo" / "patient_t1.nii.gz"
    path.parent.mkdir()
    path.write_bytes(ZOO[zoo_member][0])
    return path


@pytest.fixture
def words_of_refusal(zoo_member):
    return ZOO[zoo_member][1]


@pytest.fixture(params=HEALTHY.values(), ids=HEALTHY.keys())
def healthy_file(request, tmp_path):
    """The same small image in forms that are all allowed, called a T1."""
    path = tmp_path / "zoo" / "patient_t1.nii.gz"
    path.parent.mkdir()
    path.write_bytes(request.param)
    return path


@pytest.fixture
def assert_refused():
    def check(error: Exception, file_name: str, words: str = "") -> None:
        """A refusal is one sentence for a person, that names the file."""
        message = str(error)
        assert file_name in message
        assert words in message
        assert message.endswith(".")
        assert message.isprintable(), "more than one line"
        assert not any(word in message for word in ("Traceback", "Error", "Errno", "None", "<"))

    return check
