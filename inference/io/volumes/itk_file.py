"""MetaImage (``.mha``, ``.mhd``) and NRRD (``.nrrd``, ``.nhdr``), read by SimpleITK.

Their headers are text and may name any file of this machine as the one with the numbers, and any
size. Both are checked first; SimpleITK then reads what was checked. The numbers of a MetaImage are
read as those of NIfTI are, some planes at a time.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import nibabel as nib
import numpy as np

from common.errors import InputError
from inference.io.names.wording import cut_off, damaged, shown, what_it_is
from inference.io.volumes.claims import (
    MAX_STORED_VOXELS,
    MAX_VOLUMES,
    check_affine,
    check_unpacked_size,
    check_voxel_count,
)
from inference.io.volumes.meta_header import MetaHeader, is_meta, meta_data_file, meta_header
from inference.io.volumes.nifti_guard import NiftiFile, check_size_on_disk
from inference.io.volumes.nrrd_header import nrrd_is_sound

if TYPE_CHECKING:
    import SimpleITK

_HEAD_BYTES: Final = 64 * 1024
_LONGEST_NAME: Final = 255  # bytes that a disk has for one
_LPS_TO_RAS: Final = np.diag([-1.0, -1.0, 1.0])
_NRRD: Final = re.compile(rb"^data ?file\s*:\s*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
_NRRD_RAW: Final = re.compile(rb"^encoding\s*:\s*raw\s*$", re.MULTILINE | re.IGNORECASE)


# eq=False: comparing two headers has no one answer.
@dataclass(frozen=True, eq=False)
class ItkFile:
    """An NRRD whose header has been checked; its voxels have not been read.

    Args:
        path: Where it is.
        header: A NIfTI header of its geometry, in mm and RAS+.
        shape: Voxels along the three axes.
        volumes: How many images it holds: the length of a fourth axis, or numbers in a voxel.
        notes: Sentences on how it was read.
    """

    path: Path
    header: nib.Nifti1Header
    shape: tuple[int, int, int]
    volumes: int
    notes: tuple[str, ...] = ()

    @property
    def parts(self) -> str:
        """What to call its volumes."""
        return "volumes"

    def read(self, at_once: int) -> Iterator[tuple[int, int, np.ndarray]]:
        """The numbers of the file, some planes at a time; it is unpacked whole.

        Args:
            at_once: How many planes.

        Yields:
            The number of a volume, that of the first plane, and (X, Y, planes) in its dtype.

        Raises:
            InputError: where it holds less than it claims, or is damaged.
        """
        reader = _reader(self.path, meta=False)
        try:
            image = reader.Execute()
        except RuntimeError as error:
            raise damaged(self.path) from error
        import SimpleITK

        # (…, Z, Y, X) with the numbers of a voxel last, or a fourth axis first. The view lives as
        # long as the image; a copy of all would take as much memory again.
        voxels = SimpleITK.GetArrayViewFromImage(image)
        if image.GetNumberOfComponentsPerPixel() > 1:
            voxels = voxels.reshape((*self.shape[::-1], self.volumes)).transpose(2, 1, 0, 3)
        else:
            voxels = voxels.reshape((self.volumes, *self.shape[::-1])).transpose(3, 2, 1, 0)
        for volume in range(self.volumes):
            for start in range(0, self.shape[2], at_once):
                yield volume, start, voxels[:, :, start : start + at_once, volume].copy("F")


def check_itk(path: Path, *, max_voxels: int = MAX_STORED_VOXELS) -> ItkFile | NiftiFile:
    """Check what a file claims, before any of its voxels is read.

    Args:
        path: A file of any kind; its name is not trusted.
        max_voxels: Most voxels of one volume.

    Raises:
        InputError: unless it is an image of plain numbers within the limits, with its numbers in it
            or in a file beside it, and a usable position.
    """
    head = _head(path)
    data = _data_file(head, path)
    meta = meta_header(head) if is_meta(head) else None
    # What breaks the rules makes ITK write on stderr at best, and over its own memory at worst.
    if meta is None and (is_meta(head) or not _is_sound_nrrd(head, data)):
        raise InputError(f"{shown(path)} has a damaged header; copy or export it again.")
    if meta is not None and not meta.binary:
        raise InputError(f"{shown(path)} has its numbers written as text; save it in binary form.")
    reader = _reader(path, meta=meta is not None)
    try:
        reader.ReadImageInformation()
    except RuntimeError as error:
        raise InputError(f"{shown(path)} has a damaged header; copy or export it again.") from error
    shape, volumes = _extent(reader, path)
    check_voxel_count(shape, max_voxels, path)
    dtype = _dtype(reader, path)
    header = _as_nifti(reader, shape, dtype, endianness=">" if meta and meta.big_endian else "<")
    check_affine(header, path)
    header.set_qform(header.get_sform(), code="scanner", strip_shears=True)
    needed = math.prod(shape) * volumes * dtype.itemsize
    before = _header_bytes(head, meta) if data == path else 0
    packed = meta.packed if meta else not _NRRD_RAW.search(head.partition(b"\n\n")[0])
    if not packed and data.stat().st_size - before < needed:
        raise cut_off(data)
    check_unpacked_size(needed, data)
    if meta is None:
        return ItkFile(path, header, shape, volumes)
    if data != path:
        before = data.stat().st_size - needed if meta.skipped < 0 else meta.skipped
    several = reader.GetNumberOfComponents() > 1
    numbers = NiftiFile(
        data, header, shape, volumes, before, False, interleaved=several, deflated=meta.packed
    )
    check_size_on_disk(numbers)
    return numbers


def _is_sound_nrrd(head: bytes, data: Path) -> bool:
    """Whether a header keeps to the rules of its format, and ends where it should."""
    text, empty, _ = head.partition(b"\n\n")
    ends = bool(empty) or len(head) < _HEAD_BYTES
    return ends and nrrd_is_sound(text, size=data.stat().st_size)


def data_file_named(head: bytes) -> str | None:
    """The name of the file with the numbers that a header states; None where they follow it."""
    if is_meta(head):
        return meta_data_file(head)
    found = _NRRD.search(head.partition(b"\n\n")[0])
    named = found.group(1).decode("utf-8", "replace") if found else None
    return None if named is None or named.upper() == "LOCAL" else named


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be opened: {error.strerror}.") from error
    if not (is_meta(head) or head.startswith(b"NRRD")):
        what = what_it_is(head[:1024], otherwise="neither MetaImage nor NRRD")
        raise InputError(f"{shown(path)} is {what}; an .mha, .mhd, .nrrd or .nhdr is needed.")
    return head


def _data_file(head: bytes, path: Path) -> Path:
    """The file with the numbers.

    Raises:
        InputError: where it is not in the folder of its header, or is several.
    """
    named = data_file_named(head)
    if named is None:
        return path
    if not named:  # what follows it may be numbers, or the header of another
        raise InputError(f"{shown(path)} has a damaged header; copy or export it again.")
    if named.upper().startswith("LIST") or "%" in named:
        raise InputError(
            f"{shown(path)} names several files with its slices; save the image in one file."
        )
    if Path(named).name != named or "\\" in named:
        raise InputError(
            f"{shown(path)} names a file in another folder; put {shown(Path(named))} beside it."
        )
    data = path.with_name(named)
    if len(named.encode()) > _LONGEST_NAME or not data.is_file():
        raise InputError(f"{shown(path)} has its voxels in {shown(data)}; give both files.")
    return data


def _header_bytes(head: bytes, meta: MetaHeader | None) -> int:
    """Bytes of a header that its numbers follow."""
    return meta.length if meta else head.find(b"\n\n") + 2


def _reader(path: Path, *, meta: bool) -> "SimpleITK.ImageFileReader":
    """A reader of this one format: ITK would try all of its own on whatever the file is."""
    import SimpleITK  # here, since few files need it

    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    reader = SimpleITK.ImageFileReader()
    reader.SetImageIO("MetaImageIO" if meta else "NrrdImageIO")
    reader.SetFileName(str(path))
    return reader


def _extent(reader: "SimpleITK.ImageFileReader", path: Path) -> tuple[tuple[int, int, int], int]:
    size, components = list(reader.GetSize()), reader.GetNumberOfComponents()
    while len(size) > 3 and size[-1] == 1:
        size.pop()
    size += [1] * (3 - len(size))
    volumes = math.prod(size[3:]) * components
    several = len(size) > 3 and components > 1
    if len(size) > 4 or several or not 1 <= volumes <= MAX_VOLUMES:
        listed = "×".join(map(str, [*reader.GetSize(), *([components] if components > 1 else [])]))
        raise InputError(
            f"{shown(path)} is a series of {listed} voxels; give one volume for each modality, or "
            f"at most {MAX_VOLUMES} in one file."
        )
    return (size[0], size[1], size[2]), volumes


def _dtype(reader: "SimpleITK.ImageFileReader", path: Path) -> np.dtype:
    import SimpleITK

    words = SimpleITK.GetPixelIDValueAsString(reader.GetPixelID()).lower()
    found = re.search(r"(\d+)-bit (unsigned integer|signed integer|float)", words)
    if found is None or "complex" in words:
        raise InputError(f"{shown(path)} holds {words}; a scan holds one plain number a voxel.")
    kind = {"unsigned integer": "u", "signed integer": "i", "float": "f"}[found.group(2)]
    return np.dtype(f"{kind}{int(found.group(1)) // 8}")


def _as_nifti(
    reader: "SimpleITK.ImageFileReader",
    shape: tuple[int, int, int],
    dtype: np.dtype,
    *,
    endianness: str,
) -> nib.Nifti1Header:
    known = min(reader.GetDimension(), 3)
    axes, origin = np.eye(3), np.zeros(3)
    direction = np.reshape(reader.GetDirection(), (reader.GetDimension(),) * 2)
    axes[:known, :known] = direction[:known, :known] * np.array(reader.GetSpacing()[:known])
    origin[:known] = reader.GetOrigin()[:known]
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = _LPS_TO_RAS @ axes, _LPS_TO_RAS @ origin
    header = nib.Nifti1Header(endianness=endianness)
    header.set_data_shape(shape)
    header.set_data_dtype(dtype)
    header.set_sform(affine, code="scanner")
    header.set_xyzt_units("mm")
    return header
