"""Small good files of every kind, from which a fuzz run begins."""

import gzip
import io
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK
from PIL import Image
from pydicom.uid import JPEG2000Lossless, JPEGBaseline8Bit, RLELossless

from tests.fuzz.targets import ARCHIVE_NAMES, PICTURE_NAMES, VOLUME_NAMES
from tests.inference.dicom import made
from tests.inference.dicom.codestreams import as_file, jpeg, jpeg_2000, runs

_SIDE = 32


def seeds(name: str) -> list[bytes]:
    """Inputs of a target that are read, each with the byte before it that names its file."""
    return {"nifti": _volumes, "dicom": _slices, "picture": _pictures, "archive": _archives}[name]()


def _volumes() -> list[bytes]:
    voxels = np.arange(60, dtype=np.int16).reshape(5, 4, 3)
    image = nib.Nifti1Image(voxels, np.diag([-1.0, -1.0, 2.0, 1.0]))
    second = nib.Nifti2Image(voxels, np.diag([-1.0, -1.0, 2.0, 1.0]))
    mgh = nib.MGHImage(voxels.astype(np.int32), np.eye(4))
    whole = [image.to_bytes(), second.to_bytes(), gzip.compress(image.to_bytes(), mtime=0)]
    analyze = nib.AnalyzeImage(voxels, np.eye(4))
    return [
        *(_under(name, VOLUME_NAMES, each) for each in whole for name in VOLUME_NAMES[:2]),
        _under("x_t1.mgz", VOLUME_NAMES, gzip.compress(mgh.to_bytes(), mtime=0)),
        _under("x_t1.mgz", VOLUME_NAMES, mgh.to_bytes()),
        *(_under(each, VOLUME_NAMES, _by_itk(each, voxels)) for each in ("x_t1.mha", "x_t1.nrrd")),
        *(
            _under(each, VOLUME_NAMES, _by_itk(each, voxels, packed=True))
            for each in ("x_t1.mha", "x_t1.nrrd")
        ),
        _under("x_t1.hdr", VOLUME_NAMES, analyze.header.binaryblock),
    ]


def _by_itk(name: str, voxels: np.ndarray, *, packed: bool = False) -> bytes:
    image = SimpleITK.GetImageFromArray(voxels.T)
    return _written(name, lambda path: SimpleITK.WriteImage(image, str(path), packed))


def _slices() -> list[bytes]:
    classic = [_written("x", lambda path: made.write(made.dataset(0), path))]
    several = [_written("x", lambda path: made.write(made.enhanced(5), path))]
    deflated = "1.2.840.10008.1.2.1.99"
    packed = [_written("x", lambda path: made.write(made.enhanced(5), path, deflated))]
    return [b"\0" + each for each in (*classic, *several, *packed, *_compressed())]


def _compressed() -> list[bytes]:
    pixels = made.pixels(0)
    grey = (pixels % 256).astype(np.uint8)
    return [
        _around(runs(pixels), RLELossless, 16),
        _around(jpeg(grey), JPEGBaseline8Bit),
        _around(jpeg_2000(grey), JPEG2000Lossless),
        _around(as_file(jpeg_2000(grey)), JPEG2000Lossless),
    ]


def _around(frame: bytes, syntax: str, bits: int = 8) -> bytes:
    def write(path: Path) -> None:
        made.write_compressed(made.dataset(0), frame, path, syntax, bits)

    return _written("x", write)


def _pictures() -> list[bytes]:
    y, x = np.mgrid[:_SIDE, :_SIDE] - _SIDE / 2
    disc = np.where(x**2 + y**2 < 81, 200 + x, 0).astype(np.uint8)
    found = []
    for name, kind, mode in [
        ("x_t1.png", "PNG", "L"),
        ("x_t1.png", "PNG", "P"),
        ("x_t1.png", "PNG", "RGBA"),
        ("x_t1.jpg", "JPEG", "L"),
        ("x_t1.tif", "TIFF", "L"),
    ]:
        image = Image.fromarray(disc).convert(mode)
        found.append(_under(name, PICTURE_NAMES, _saved(image, kind)))
    pages = [Image.fromarray(disc)] * 3
    for packing in ("tiff_deflate", "tiff_lzw", None):
        stream = io.BytesIO()
        pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], compression=packing)
        found.append(_under("x_t1.tif", PICTURE_NAMES, stream.getvalue()))
    stream = io.BytesIO()
    np.save(stream, disc)
    return [*found, _under("x_t1.npy", PICTURE_NAMES, stream.getvalue())]


def _saved(image: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def _archives() -> list[bytes]:
    found = []
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", packing) as archive:
            archive.writestr("P1/x_t1.nii", b"not much " * 9)
            archive.writestr("P1/ä_flair.nii", b"")
        found.append(_under("x.zip", ARCHIVE_NAMES, stream.getvalue()))
    for mode, style in [
        ("w:", tarfile.PAX_FORMAT),
        ("w:gz", tarfile.GNU_FORMAT),
        ("w:bz2", tarfile.USTAR_FORMAT),
        ("w:xz", tarfile.PAX_FORMAT),
    ]:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode=mode, format=style) as archive:
            for place in ("P1/x_t1.nii", "P1/" + "long" * 20 + "_flair.nii"):
                member = tarfile.TarInfo(place)
                member.size = 9
                archive.addfile(member, io.BytesIO(b"not much "))
        found.append(_under("x.tar", ARCHIVE_NAMES, stream.getvalue()))
    return found


def _under(name: str, names: tuple[str, ...], content: bytes) -> bytes:
    return bytes([names.index(name)]) + content


def _written(name: str, write: Callable[[Path], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()
