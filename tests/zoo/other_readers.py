"""What a file of the zoo holds, as programs of others read it: nibabel, Pillow, NumPy, zipfile."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import nibabel as nib
import numpy as np
from PIL import Image, ImageOps

_GZIP, _ZIP, _ARRAY = b"\x1f\x8b", b"PK", b"\x93NUMPY"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0")


def first_image(path: Path) -> np.ndarray:
    """(X, Y, Z) in RAS+ order of the first image of a file, or of the pictures of a folder."""
    if path.is_dir():
        return np.concatenate([_picture(file.read_bytes()) for file in sorted(path.iterdir())], -1)
    content = path.read_bytes()
    if path.suffix == ".hdr":
        return _canonical(nib.load(path))
    if ".tar" in path.suffixes:
        return _volume(_first_of_tar(content))
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _volume(archive.read(archive.namelist()[0]))
    if content.startswith(_PICTURES):
        return _picture(content)
    if content.startswith(_ARRAY):
        return _laid(np.load(io.BytesIO(content)))
    return _volume(content)


def _first_of_tar(content: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return archive.extractfile(archive.getmembers()[0]).read()


def _volume(content: bytes) -> np.ndarray:
    plain = gzip.decompress(content) if content.startswith(_GZIP) else content
    second = int.from_bytes(plain[:4], "little") == nib.Nifti2Header.sizeof_hdr
    return _canonical((nib.Nifti2Image if second else nib.Nifti1Image).from_bytes(plain))


def _canonical(image: nib.Nifti1Image) -> np.ndarray:
    voxels = np.asarray(image.dataobj, float)
    while voxels.ndim > 3:
        voxels = voxels[..., 0]
    solid = voxels.reshape((*voxels.shape, 1)[:3])
    return np.asarray(nib.as_closest_canonical(nib.Nifti1Image(solid, image.affine)).dataobj)


def _picture(content: bytes) -> np.ndarray:
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    pixels = np.asarray(image if image.mode.startswith("I") else image.convert("L"))
    return _laid(pixels)


def _laid(pixels: np.ndarray) -> np.ndarray:
    """Rows run from front to back and columns from the patient's right to the left."""
    return np.rot90(pixels, 2).T[..., None]
