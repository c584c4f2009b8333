"""What a file of the zoo holds, as programs of others read it: nibabel, ITK, Pillow and NumPy."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK
from PIL import Image, ImageOps, ImageSequence

_GZIP, _ZIP, _ARRAY = b"\x1f\x8b", b"PK", b"\x93NUMPY"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0")
_OF_ITK = (".mha", ".mhd", ".nrrd", ".nhdr")
_WITH_HEADER = (*_OF_ITK, ".hdr", ".mgz", ".mgh")
_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0])
_MOST_IMAGES = 4


def first_image(path: Path) -> np.ndarray:
    """(X, Y, Z) in RAS+ order of the first image of a file, or of the files of a folder."""
    if path.is_dir():
        files = sorted(path.iterdir())
        headers = [file for file in files if file.suffix.lower() in _WITH_HEADER]
        if headers:
            return _by_header(headers[0])
        return np.concatenate([_picture(file.read_bytes()) for file in files], -1)
    if path.suffix.lower() in _WITH_HEADER:
        return _by_header(path)
    content = path.read_bytes()
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


def _by_header(path: Path) -> np.ndarray:
    if path.suffix.lower() not in _OF_ITK:
        image = nib.load(path)
        return _canonical(np.asarray(image.dataobj, float), image.affine)
    found = SimpleITK.ReadImage(str(path))
    voxels = SimpleITK.GetArrayFromImage(found).astype(float)
    axes = _LPS_TO_RAS @ np.reshape(found.GetDirection(), (3, 3)) * found.GetSpacing()
    affine = nib.affines.from_matvec(axes, _LPS_TO_RAS @ found.GetOrigin())
    return _canonical(voxels.transpose(2, 1, 0, *range(3, voxels.ndim)), affine)


def _first_of_tar(content: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        return archive.extractfile(archive.getmembers()[0]).read()


def _volume(content: bytes) -> np.ndarray:
    plain = gzip.decompress(content) if content.startswith(_GZIP) else content
    second = int.from_bytes(plain[:4], "little") == nib.Nifti2Header.sizeof_hdr
    image = (nib.Nifti2Image if second else nib.Nifti1Image).from_bytes(plain)
    return _canonical(np.asarray(image.dataobj, float), image.affine)


def _canonical(voxels: np.ndarray, affine: np.ndarray) -> np.ndarray:
    while voxels.ndim > 3:
        voxels = voxels[0] if len(voxels) <= _MOST_IMAGES else voxels[..., 0]
    solid = voxels.reshape((*voxels.shape, 1)[:3])
    return np.asarray(nib.as_closest_canonical(nib.Nifti1Image(solid, affine)).dataobj)


def _picture(content: bytes) -> np.ndarray:
    pages = ImageSequence.Iterator(Image.open(io.BytesIO(content)))
    return np.concatenate([_page(ImageOps.exif_transpose(page)) for page in pages], -1)


def _page(image: Image.Image) -> np.ndarray:
    return _laid(np.asarray(image if image.mode.startswith("I") else image.convert("L")))


def _laid(pixels: np.ndarray) -> np.ndarray:
    """Rows run from front to back and columns from the patient's right to the left."""
    return np.rot90(pixels, 2).T[..., None]
