"""Volumes: NIfTI of every type and fault, its relatives, and what is only called so."""

import gzip
import struct
from pathlib import Path

import nibabel as nib
import numpy as np

from tests.inference.conftest import HEALTHY, LPS, PACKED, ZOO, as_bytes, patched, small_image
from tests.zoo.animal import Animal

NAME = "patient_t1.nii.gz"
IMAGE = as_bytes(small_image())
MEGABYTE = gzip.compress(bytes(10**6))
PLAIN = {
    **{2: np.uint8, 4: np.int16, 8: np.int32, 16: np.float32, 64: np.float64, 256: np.int8},
    **{512: np.uint16, 768: np.uint32, 1024: np.int64, 1280: np.uint64},
}
OTHER = {
    0: "values of the type 0",
    1: "single bits",
    32: "complex numbers",
    128: "colours",
    1536: "values of the type 1536",
    1792: "complex numbers",
    2048: "complex numbers",
    2304: "colours",
}
# What a file that begins like DICOM is refused with depends on where it is given.
_WORDS = {"dicom": "not DICOM"}
LOGIN = b"<!DOCTYPE html>\n<html><body><form>Please sign in</form></body></html>\n"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


def claims(shape: tuple[int, ...], dtype: type = np.int16) -> bytes:
    header = nib.Nifti1Header()
    header.set_data_shape(shape)
    header.set_data_dtype(dtype)
    header.set_sform(np.eye(4), 1)
    header["magic"], header["vox_offset"] = b"n+1", 352
    return header.binaryblock + bytes(4)


def _scaled(slope: float, intercept: float = 0.0) -> bytes:
    return patched(IMAGE, 112, "2f", slope, intercept)


def _only_qform(shift: float) -> bytes:
    return patched(patched(IMAGE, 252, "2h", 1, 0), 268, "3f", *[shift] * 3)


def _values(*values: float) -> bytes:
    image = small_image().astype(np.float32)
    image[: len(values), 0, 0] = values
    return as_bytes(image)


def _pair(path: Path) -> None:
    nib.save(nib.Nifti1Pair(small_image(), LPS), path.with_suffix(".img"))


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("no such file"))


def _big_endian() -> bytes:
    header = nib.Nifti1Header(endianness=">")
    image = nib.Nifti1Image(small_image().astype(">i2"), LPS, header)
    return image.to_bytes()


def volumes() -> list[Animal]:
    """All of them."""
    return [*_of_the_tests(), *_types(), *_numbers(), *_shapes(), *_bombs(), *_strangers()]


def _of_the_tests() -> list[Animal]:
    healthy = [Animal(f"healthy: {about}", NAME, data) for about, data in HEALTHY.items()]
    given = {about: (data, _WORDS.get(about, words)) for about, (data, words) in ZOO.items()}
    return [*healthy, *(Animal(about, NAME, data, words) for about, (data, words) in given.items())]


def _types() -> list[Animal]:
    image = small_image()
    plain = [
        Animal(f"type {np.dtype(dtype)}", NAME, as_bytes(image.astype(dtype)))
        for dtype in PLAIN.values()
    ]
    bits = {0: 0, 1: 1, 32: 64, 128: 24, 1536: 128, 1792: 128, 2048: 256, 2304: 32}
    other = [
        Animal(f"type of code {code}", NAME, patched(IMAGE, 70, "2h", code, bits[code]), words)
        for code, words in OTHER.items()
    ]
    return [*plain, *other, Animal("big-endian", NAME, _big_endian())]


def _numbers() -> list[Animal]:
    constant = np.full((9, 8, 7), 5, np.int16)
    return [
        Animal("slope 0", NAME, _scaled(0.0)),
        Animal("slope NaN", NAME, _scaled(np.nan)),
        Animal("slope negative", NAME, _scaled(-1.0)),
        Animal("slope 1/255", NAME, _scaled(1 / 255)),
        Animal("a qform of NaN beside a sform", NAME, patched(IMAGE, 268, "3f", *[np.nan] * 3)),
        Animal("a qform of NaN alone", NAME, _only_qform(np.nan), "not numbers"),
        Animal("slope infinite", NAME, _scaled(np.inf)),
        Animal("slope beyond float32", NAME, _scaled(3e38), "infinite values"),
        Animal("a voxel of infinity", NAME, _values(np.inf), "infinite values"),
        Animal("a voxel of NaN", NAME, _values(np.nan)),
        Animal("one value only", NAME, as_bytes(constant), "holds the value 5 only"),
        Animal("zeros only", NAME, as_bytes(constant * 0), "holds the value 0 only"),
    ]


def _shapes() -> list[Animal]:
    image = small_image()
    return [
        Animal("one slice", NAME, as_bytes(image[..., 3:4])),
        Animal("two axes", NAME, as_bytes(image[..., 3])),
        Animal("a pair of .hdr and .img", "patient_t1.hdr", _pair),
        Animal("a .hdr alone", "patient_t1.hdr", IMAGE[:348], "without its .img"),
        Animal("four volumes", "patient.nii.gz", as_bytes(np.stack([image] * 4, -1))),
        Animal("huge axes", NAME, claims((32767, 32767, 32767)), "claims 32767×32767×32767"),
    ]


# Of 400 MB.
ZEROS = gzip.compress(claims((400, 400, 312), np.float64)) + MEGABYTE * 400


def _bombs() -> list[Animal]:
    far = claims((9, 9, 9)).replace(struct.pack("<f", 352), struct.pack("<f", 4e9))
    return [
        Animal("claims 8 GB", NAME, gzip.compress(claims((2000, 2000, 1000))), "claims 2000×2000"),
        Animal(
            "holds 8 GB",
            NAME,
            gzip.compress(claims((2000, 2000, 1000))) + MEGABYTE * 8000,
            "claims 2000×2000×1000",
        ),
        Animal("zeros at 1 : 1000", NAME, ZEROS, "times its size"),
        Animal(
            "4 GB after its end",
            NAME,
            gzip.compress(claims((64, 64, 64))) + MEGABYTE * 4000,
            "more than its header states",
        ),
        Animal("a header of 4 GB", NAME, gzip.compress(far) + MEGABYTE * 4000, "damaged header"),
        Animal(
            "text of 4 GB", NAME, gzip.compress(b"name,age\n") + MEGABYTE * 4000, "not a NIfTI file"
        ),
        Animal(
            "a gzip with a name of 20 MB",
            NAME,
            b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * 20_000_000,
            "is damaged",
        ),
        Animal("a million empty gzips", NAME, gzip.compress(b"") * 10**6, "is damaged"),
        Animal("a gzip padded with 20 MB", NAME, PACKED + bytes(20_000_000), "is damaged"),
        Animal("a gzip with something behind", NAME, PACKED + b"something", "is damaged"),
    ]


def _strangers() -> list[Animal]:
    return [
        Animal("a link that leads nowhere", NAME, _dangling, "leads nowhere"),
        Animal("a placeholder of Git LFS", NAME, LFS, "a placeholder of Git LFS"),
        Animal("a login page", NAME, LOGIN, "is a text file"),
        Animal("a folder called like a file", NAME, lambda path: path.mkdir(), "is empty"),
        Animal("a MetaImage of a million axes", "patient_t1.mha", _mha(b"1000000"), "damaged"),
        Animal("a MetaImage of 100 axes", "patient_t1.mha", _mha(b"100"), "damaged"),
        Animal("an NRRD of 9000 sizes", "patient_t1.nrrd", _nrrd(b"4 " * 9000), "damaged"),
        Animal("an NRRD that claims 8 GB", "patient_t1.nrrd", _nrrd(b"2000 2000 1000"), "claims"),
        Animal("an .mgz of five bytes", "patient_t1.mgz", b"\0\0\0\1\0", "cut off"),
        Animal("an .npz", "patient_t1.npz", b"PK\5\6" + bytes(18), "packed file of NumPy arrays"),
    ]


def _mha(axes: bytes) -> bytes:
    return (
        b"ObjectType = Image\nNDims = " + axes + b"\nDimSize = 4 4 4\nElementSpacing = 1 1 1\n"
        b"ElementType = MET_SHORT\nElementDataFile = LOCAL\n" + bytes(128)
    )


def _nrrd(sizes: bytes) -> bytes:
    return (
        b"NRRD0004\ntype: short\ndimension: 3\nsizes: " + sizes + b"\nendian: little\n"
        b"encoding: raw\n\n" + bytes(128)
    )
