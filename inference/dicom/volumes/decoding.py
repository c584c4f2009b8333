"""From the bytes of a file to the stored pixels of one slice, compressed or not.

Runs of equal bytes are unpacked here; what else is compressed goes through SimpleITK as a file of
one slice that says nothing but how its pixels are written. So no rescale is applied twice and no
name is copied.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import UID, RLELossless

from common.errors import InputError
from inference.dicom.file_headers.frames import Picture
from inference.dicom.file_headers.kinds import MR_IMAGE
from inference.dicom.file_headers.source import open_body
from inference.dicom.file_headers.values import silence_pydicom
from inference.dicom.volumes.codestream import read_codestream
from inference.dicom.volumes.run_lengths import unpacked
from inference.io.names.wording import cut_off, damaged, shown

_NATIVE: Final[dict[str, Literal["<", ">"]]] = {
    "1.2.840.10008.1.2": "<",
    "1.2.840.10008.1.2.1": "<",
    "1.2.840.10008.1.2.1.99": "<",
    "1.2.840.10008.1.2.2": ">",
}
_HTJ2K: Final = "1.2.840.10008.1.2.4.20"
_JPEG_XL: Final = tuple(f"1.2.840.10008.1.2.4.{number}" for number in (110, 111, 112))
_ONE_SLICE = "1.2.826.0.1.3680043.8.498.1"

StoredFrames = Callable[[int], np.ndarray]


def refused_syntax(transfer_syntax: str) -> str | None:
    """Why an encoding cannot be read, in words that follow the series' name; or None."""
    if transfer_syntax in _NATIVE:
        return None
    if transfer_syntax.startswith(_HTJ2K):
        return (
            "is compressed as HTJ2K (high-throughput JPEG 2000), which cannot be read here; "
            "export it uncompressed or as JPEG 2000"
        )
    uid = UID(transfer_syntax)
    if uid in _JPEG_XL:  # pydicom 3 has no names for them
        return (
            "is compressed as JPEG XL, which cannot be read here; export it uncompressed or as "
            "JPEG 2000"
        )
    if uid == RLELossless or uid.startswith("1.2.840.10008.1.2.4."):
        if uid.name.startswith(("MPEG", "HEVC", "SMPTE", "JPIP")) or "MPEG" in uid.name:
            return "is a film or a link to pictures elsewhere; export it as single slices"
        return None
    return "is written in an encoding that is not known here; export it uncompressed"


def stored_frames(path: Path, picture: Picture) -> StoredFrames:
    """What gives the stored pixels of a frame, as (rows, columns), by its index in the file.

    Raises:
        InputError: at once or on use, where the file is cut off or its pixels are damaged.
    """
    if picture.transfer_syntax in _NATIVE:
        return _native(path, picture)
    return _compressed(path, picture)


def raw_bytes(path: Path, picture: Picture, index: int) -> bytes | None:
    """The bytes of one frame as the file has them; None where they cannot be told apart."""
    if picture.transfer_syntax in _NATIVE:
        return _native_bytes(path, picture, index)
    if picture.frames > 1:
        return None
    return _read_at(path, picture.offset, path.stat().st_size)


def _native_bytes(path: Path, picture: Picture, index: int) -> bytes:
    return _read_at(path, picture.offset + index * picture.frame_bytes, picture.frame_bytes)


def _read_at(path: Path, offset: int, n_bytes: int) -> bytes:
    with open_body(path) as stream:
        left = max(stream.seek(0, 2) - offset, 0)
        stream.seek(offset)
        return stream.read(min(n_bytes, left))


def _native(path: Path, picture: Picture) -> StoredFrames:
    dtype = _dtype(picture).newbyteorder(_NATIVE[picture.transfer_syntax])

    def read(index: int) -> np.ndarray:
        raw = _native_bytes(path, picture, index)
        if len(raw) < picture.frame_bytes:
            raise cut_off(path)
        return np.frombuffer(raw, dtype).reshape(picture.rows, picture.columns)

    return read


def _dtype(picture: Picture) -> np.dtype:
    kind = "f" if picture.floating else "i" if picture.signed else "u"
    return np.dtype(f"{kind}{picture.bits_allocated // 8}")


def _compressed(path: Path, picture: Picture) -> StoredFrames:
    silence_pydicom()
    raw = _read_at(path, picture.offset, path.stat().st_size)
    try:
        frames = list(generate_frames(raw, number_of_frames=picture.frames))
    except Exception:  # pydicom has no common type for damage
        raise damaged(path) from None

    def decode(index: int) -> np.ndarray:
        if index >= len(frames):
            raise cut_off(path)
        _check_codestream(path, frames[index], picture)
        array = _decoded(path, frames[index], picture)
        if array.shape != (picture.rows, picture.columns):
            raise damaged(path)
        return array

    return decode


def _decoded(path: Path, frame: bytes, picture: Picture) -> np.ndarray:
    if picture.transfer_syntax != RLELossless:
        return _by_itk(path, _single(frame, picture))
    size = {"rows": picture.rows, "columns": picture.columns}
    try:
        return unpacked(frame, **size, dtype=_dtype(picture))
    except ValueError:
        raise damaged(path) from None


def _by_itk(path: Path, single: Dataset) -> np.ndarray:
    import SimpleITK

    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "slice.dcm"
        single.save_as(alone, enforce_file_format=True)
        try:
            array = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(alone)))
        except RuntimeError:
            raise damaged(path) from None
    return array.reshape(array.shape[-2:]) if array.ndim == 3 and len(array) == 1 else array


def _single(frame: bytes, picture: Picture) -> Dataset:
    """A file of one slice without rescale and without names."""
    single = Dataset()
    single.file_meta = FileMetaDataset()
    single.file_meta.TransferSyntaxUID = UID(picture.transfer_syntax)
    single.file_meta.MediaStorageSOPClassUID = single.SOPClassUID = UID(MR_IMAGE)
    single.file_meta.MediaStorageSOPInstanceUID = single.SOPInstanceUID = UID(_ONE_SLICE)
    single.Modality = "MR"
    single.Rows, single.Columns = picture.rows, picture.columns
    single.SamplesPerPixel = 1
    single.PhotometricInterpretation = "MONOCHROME2"
    single.BitsAllocated, single.BitsStored = picture.bits_allocated, picture.bits_stored
    single.HighBit = picture.high_bit
    single.PixelRepresentation = int(picture.signed)
    single.PixelData = encapsulate([frame])
    single["PixelData"].VR = "OB"
    single["PixelData"].is_undefined_length = True
    return single


def _check_codestream(path: Path, frame: bytes, picture: Picture) -> None:
    """Hold what a compressed picture says of itself against the header, before it is decoded."""
    if picture.transfer_syntax == RLELossless:
        return  # its size is that of the header
    found = read_codestream(frame)
    if found is None or found.components != 1:
        raise damaged(path)
    if (found.rows, found.columns) != (picture.rows, picture.columns):
        raise InputError(
            f"{shown(path)} has a compressed picture of {found.columns}×{found.rows} pixels where "
            f"its header states {picture.columns}×{picture.rows}; export it again."
        )
    if not found.usual:
        raise InputError(
            f"{shown(path)} has a picture that is built as no program builds a slice; export it "
            "again."
        )
