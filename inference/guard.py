"""What stands between a stranger's file and the memory of this machine.

A header is a claim: 54 bytes can ask for 8 GB, and 0.6 MB of zeros unpacks to gigabytes. Here
the claims are checked from the first bytes alone, before nibabel or zipfile act on them, and no
file is ever unpacked further than what it was allowed to claim.
"""

import gzip
import logging
import math
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError

from inference.errors import InputError
from inference.names import is_nifti_name
from inference.vocabulary import MODALITIES

# 368 voxels each way, twice a head scanned at 0.8 mm; four modalities as float32 take 800 MB.
MAX_VOXELS: Final = 50_000_000
MAX_VOLUMES: Final = len(MODALITIES)
# A hundred BraTS patients fit; a disk with room for a few uploads at once does not fill.
MAX_ZIP_BYTES: Final = 2 * 1024**3
MAX_ZIP_ENTRIES: Final = 5_000
# No scanner makes finer images; one plane, the least that is held while reading, is then 8 MB.
_MAX_AXIS = 1024
# Text and DICOM extensions of a header are kilobytes; some writers pad the end of a file.
_MAX_HEADER_BYTES = _MAX_TRAILING_BYTES = 1024**2
# Outside these a header is in metres or micrometres instead of millimetres.
_SPACING_MM = (0.05, 50.0)
_MIN_DETERMINANT = 1e-3  # of the unit axes: they are then within 0.06° of one plane
_BLOCK_BYTES = 8 * 1024**2
# An honest truth of 256³ float64 is 134 MB and packs to a thousandth; no scan packs like that.
_BOMB_BYTES = 160_000_000
_BOMB_RATIO = 500
# Twice what an entry with a long path takes in a zip's table of contents.
_ZIP_ENTRY_BYTES = 256
_ZIP_END_BYTES = 76 + 22 + 65_535
_SNIFFED = 1024
_GZIP = b"\x1f\x8b"

_NUMBERS = {2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280}  # NIfTI codes of plain numbers
_OTHER_TYPES = {
    1: "single bits",
    32: "complex numbers",
    128: "colours",
    1792: "complex numbers",
    2048: "complex numbers",
    2304: "colours",
}
_SIGNATURES = (
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"II*\x00", "a TIFF picture"),
    (0, b"MM\x00*", "a TIFF picture"),
    (128, b"DICM", "a DICOM file"),
    (0, b"PK\x03\x04", "a zip"),
    (0, b"%PDF", "a PDF"),
    (0, b"\xfd7zXZ", "an xz archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"BZh", "a bzip2 archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"NRRD", "an NRRD file"),
    (0, b"ObjectType", "a MetaImage file"),
    (0, _GZIP, "a gzip archive inside another"),
)

# nibabel repairs small faults in a header and logs each to stderr, which is not ours to write.
_quiet = logging.Logger("inference.guard", level=logging.CRITICAL)


@dataclass(frozen=True)
class _Layout:
    """Where the header of one version of NIfTI keeps what the guard needs."""

    header: type[nib.Nifti1Header]
    magic: tuple[int, bytes, bytes]  # position, of a single file, of a .hdr/.img pair
    dims: tuple[int, str]  # position, struct format
    type_code: int
    offset: tuple[int, str]


_LAYOUTS = {
    348: _Layout(nib.Nifti1Header, (344, b"n+1", b"ni1"), (40, "8h"), 70, (108, "f")),
    540: _Layout(nib.Nifti2Header, (4, b"n+2", b"ni2"), (16, "8q"), 12, (168, "q")),
}


@dataclass(frozen=True)
class NiftiFile:
    """A file whose header has been checked; its voxels have not been read.

    Args:
        path: Where it is.
        header: Its header; the affine is finite, regular and in mm.
        shape: Voxels along the three axes.
        volumes: 1, or the length of the fourth axis.
        offset: Bytes before the first voxel.
        compressed: Whether it is gzipped.
    """

    path: Path
    header: nib.Nifti1Header
    shape: tuple[int, int, int]
    volumes: int
    offset: int
    compressed: bool

    @property
    def plane_bytes(self) -> int:
        """Bytes of the voxels along the first two axes."""
        return self.shape[0] * self.shape[1] * self.header.get_data_dtype().itemsize

    @property
    def n_bytes(self) -> int:
        """Bytes the file must hold when unpacked."""
        return self.offset + self.plane_bytes * self.shape[2] * self.volumes


@dataclass(frozen=True)
class Block:
    """Neighbouring planes of one volume, as they are stored.

    Args:
        volume: Which volume of the file.
        start: The first plane along the third axis.
        voxels: (X, Y, planes) in the dtype of the file.
    """

    volume: int
    start: int
    voxels: np.ndarray

    @property
    def planes(self) -> slice:
        """The place of the block along the third axis."""
        return slice(self.start, self.start + self.voxels.shape[2])


def check_nifti(path: Path, *, max_voxels: int = MAX_VOXELS) -> NiftiFile:
    """Check what a file claims, from its first kilobyte.

    Args:
        path: A file of any kind; its name is not trusted.
        max_voxels: Most voxels of one volume.

    Raises:
        InputError: unless it is a NIfTI-1 or NIfTI-2 file of plain numbers, with one to
            ``MAX_VOLUMES`` volumes within the limit and a usable affine.
    """
    head, compressed = _first_bytes(path)
    size, order = _size_and_byte_order(head)
    if size not in _LAYOUTS:
        raise InputError(f"{shown(path)} is {_what(head)}; a NIfTI file (.nii, .nii.gz) is needed.")
    layout = _LAYOUTS[size]
    if len(head) < size:
        raise _truncated(path)
    _check_single_file(head, layout, path)
    shape, volumes = _extent(head, order, layout, path)
    _check_voxel_count(shape, max_voxels, path)
    _check_numbers(head, order, layout, path)
    offset = _offset(head, order, layout, path)
    header = _parsed(head[:size], order, layout, path)
    _check_affine(header, path)
    nifti = NiftiFile(path, header, shape, volumes, offset, compressed)
    _check_size_on_disk(nifti)
    return nifti


def read_blocks(nifti: NiftiFile) -> Iterator[Block]:
    """Read the numbers as they are stored, before slope and intercept, a few planes at a time.

    Nothing is held but one block, so memory grows with what the caller keeps of it.

    Raises:
        InputError: where the file holds less, or much more, than its header says, or is damaged.
            For a gzipped file this, and a wrong checksum, may only show after the last block.
    """
    try:
        with nifti.path.open("rb") as stream:
            source = gzip.GzipFile(fileobj=stream) if nifti.compressed else stream
            source.seek(nifti.offset)
            yield from _blocks(source, nifti)
            trailing = len(source.read(_MAX_TRAILING_BYTES + 1))
    except EOFError as error:
        raise _truncated(nifti.path) from error
    except (OSError, zlib.error) as error:
        raise _damaged(nifti.path) from error
    if trailing > _MAX_TRAILING_BYTES:
        raise InputError(f"{shown(nifti.path)} holds more than its header says; export it again.")


def is_zip(path: Path) -> bool:
    """Whether a file begins like a zip, whatever it is called."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def check_zip(
    path: Path, *, max_bytes: int = MAX_ZIP_BYTES, max_entries: int = MAX_ZIP_ENTRIES
) -> list[zipfile.ZipInfo]:
    """Check what a zip claims, from its table of contents; nothing is unpacked.

    Args:
        path: A zip.
        max_bytes: Most bytes its NIfTI files may unpack to, together.
        max_entries: Most files and folders of any kind in it.

    Returns:
        The NIfTI files in it, without what macOS adds and without hidden files.

    Raises:
        InputError: where it is damaged, beyond a limit, protected by a password, or holds links
            or paths that lead out of it.
    """
    try:
        if _directory_bytes(path) > max_entries * _ZIP_ENTRY_BYTES:
            raise _too_many_entries(path, max_entries)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{shown(path)} is a damaged zip; zip the files again.") from error
    if len(entries) > max_entries:
        raise _too_many_entries(path, max_entries)
    for entry in entries:
        _check_entry(entry, path)
    wanted = [entry for entry in entries if _is_wanted(entry)]
    if sum(entry.file_size for entry in wanted) > max_bytes:
        raise InputError(
            f"{shown(path)} unpacks to more than {max_bytes / 1e9:.1f} GB; "
            "give fewer cases at a time."
        )
    return wanted


def path_in_zip(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Where an entry lies in its zip; some writers on Windows use backslashes."""
    return PurePosixPath(entry.filename.replace("\\", "/"))


def shown(path: Path) -> str:
    """A file's name as an error may print it: one line, whatever it is called."""
    name = path.name or str(path)
    return "".join(char if char.isprintable() else "?" for char in name)


def _first_bytes(path: Path) -> tuple[bytes, bool]:
    """The first kilobyte, unpacked if it is gzipped, and whether it was."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_SNIFFED)
            if not head.startswith(_GZIP):
                return head, False
            stream.seek(0)
            with gzip.GzipFile(fileobj=stream) as unpacked:
                return unpacked.read(_SNIFFED), True
    except EOFError as error:
        raise _truncated(path) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise _damaged(path) from error
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be opened: {error.strerror}.") from error


def _size_and_byte_order(head: bytes) -> tuple[int, str]:
    """What would be the size of a NIfTI header, read in the byte order where it makes sense."""
    sizes = {order: struct.unpack_from(order + "i", head.ljust(4, b"\0"))[0] for order in "<>"}
    order = ">" if sizes[">"] in _LAYOUTS else "<"
    return sizes[order], order


def _what(head: bytes) -> str:
    """Say what a file is that is not NIfTI."""
    if not head:
        return "empty"
    for offset, signature, what in _SIGNATURES:
        if head[offset:].startswith(signature):
            return what
    is_text = all(32 <= byte < 127 or byte in b"\t\r\n\f" or byte > 127 for byte in head)
    return "a text file" if is_text else "not a NIfTI file"


def _check_single_file(head: bytes, layout: _Layout, path: Path) -> None:
    position, single, pair = layout.magic
    magic = head[position : position + 3]
    if magic == single:
        return
    # The .hdr of Analyze, older than NIfTI, has no magic bytes at all.
    if magic == pair or layout.header is nib.Nifti1Header:
        raise InputError(
            f"{shown(path)} is the header of a .hdr/.img pair; convert the pair to one .nii file."
        )
    raise _bad_header(path, "unknown version")


def _extent(
    head: bytes, order: str, layout: _Layout, path: Path
) -> tuple[tuple[int, int, int], int]:
    """Voxels along three axes, and volumes."""
    position, numbers = layout.dims
    rank, *lengths = struct.unpack_from(order + numbers, head, position)
    if not 1 <= rank <= 7 or min(lengths[:rank]) < 1:
        raise _bad_header(path, f"an image of {_times(lengths[:3])} voxels")
    lengths = lengths[:rank]
    while len(lengths) > 3 and lengths[-1] == 1:
        lengths.pop()
    if len(lengths) < 3:
        raise InputError(f"{shown(path)} is one flat picture; give the whole volume of the scan.")
    if len(lengths) > 4 or (len(lengths) == 4 and lengths[3] > MAX_VOLUMES):
        raise InputError(
            f"{shown(path)} is a series of {_times(lengths)} voxels; "
            f"give one volume for each modality, or one 4D file of at most {MAX_VOLUMES} volumes."
        )
    return tuple(lengths[:3]), lengths[3] if len(lengths) == 4 else 1


def _check_voxel_count(shape: tuple[int, int, int], max_voxels: int, path: Path) -> None:
    if math.prod(shape) <= max_voxels and max(shape) <= _MAX_AXIS:
        return
    raise InputError(
        f"{shown(path)} claims {_times(shape)} voxels, more than the {max_voxels / 1e6:g} million "
        f"or the {_MAX_AXIS} along one axis that are allowed; resample it to 1 mm."
    )


def _check_numbers(head: bytes, order: str, layout: _Layout, path: Path) -> None:
    code = struct.unpack_from(order + "h", head, layout.type_code)[0]
    if code not in _NUMBERS:
        what = _OTHER_TYPES.get(code, f"values of the type {code}")
        raise InputError(f"{shown(path)} holds {what}; a scan holds one plain number a voxel.")


def _offset(head: bytes, order: str, layout: _Layout, path: Path) -> int:
    position, number = layout.offset
    offset = struct.unpack_from(order + number, head, position)[0]
    if not layout.header.single_vox_offset <= offset <= _MAX_HEADER_BYTES:
        raise _bad_header(path, f"voxels from byte {offset:g} on")
    return int(offset)


def _parsed(block: bytes, order: str, layout: _Layout, path: Path) -> nib.Nifti1Header:
    header = layout.header(block, endianness=order, check=False)
    # Where no affine is given the voxel size stands alone, and nibabel would make a 0 a 1.
    if header["sform_code"] < 1 and not (np.abs(header["pixdim"][1:4]) > 0).all():
        raise _bad_header(path, "no voxel size")
    try:
        header.check_fix(logger=_quiet, error_level=logging.ERROR)
        header.get_slope_inter()
    except HeaderDataError as error:
        raise _bad_header(path, str(error).partition("\n")[0]) from error
    return header


def _check_affine(header: nib.Nifti1Header, path: Path) -> None:
    """Refuse an affine that would put voxels nowhere, or all on one plane."""
    wrong = f"{shown(path)} does not say where its voxels lie"
    right = "export it again from the original scan"
    try:
        affine = header.get_best_affine()
    except (HeaderDataError, ValueError) as error:
        raise InputError(f"{wrong} (damaged rotation); {right}.") from error
    if not np.isfinite(affine).all():
        raise InputError(f"{wrong} (affine with values that are not numbers); {right}.")
    spacing = nib.affines.voxel_sizes(affine)
    least, most = _SPACING_MM
    if not ((spacing >= least) & (spacing <= most)).all():
        sizes = _times(f"{size:.3g}" for size in spacing)
        raise InputError(
            f"{shown(path)} has voxels of {sizes} mm; a scan has between {least:g} and {most:g} mm."
        )
    if abs(np.linalg.det(affine[:3, :3] / spacing)) < _MIN_DETERMINANT:
        raise InputError(f"{wrong} (axes on one plane); {right}.")


def _check_size_on_disk(nifti: NiftiFile) -> None:
    on_disk = nifti.path.stat().st_size
    if not nifti.compressed and on_disk < nifti.n_bytes:
        raise _truncated(nifti.path)
    if nifti.n_bytes > _BOMB_BYTES and nifti.n_bytes > _BOMB_RATIO * on_disk:
        raise InputError(
            f"{shown(nifti.path)} would unpack to {nifti.n_bytes // on_disk} times its size, "
            "which no scan does; export it again."
        )


def _blocks(source: BinaryIO, nifti: NiftiFile) -> Iterator[Block]:
    columns, rows, planes = nifti.shape
    dtype = nifti.header.get_data_dtype()
    at_once = max(1, _BLOCK_BYTES // nifti.plane_bytes)
    for volume in range(nifti.volumes):
        for start in range(0, planes, at_once):
            count = min(at_once, planes - start)
            content = _exactly(source, count * nifti.plane_bytes)
            voxels = np.frombuffer(content, dtype).reshape((columns, rows, count), order="F")
            yield Block(volume, start, voxels)


def _exactly(source: BinaryIO, count: int) -> bytes:
    content = source.read(count)
    if len(content) < count:
        raise EOFError
    return content


def _directory_bytes(path: Path) -> int:
    """Bytes of a zip's table of contents, as zipfile will read it; 0 where there is none."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _ZIP_END_BYTES))
        tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return 0
    size = struct.unpack_from("<I", tail, end + 12)[0]
    has_64_bit_end = tail[max(0, end - 20) :].startswith(b"PK\x06\x07") and end >= 76
    return max(size, struct.unpack_from("<Q", tail, end - 36)[0]) if has_64_bit_end else size


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    inside = path_in_zip(entry)
    if inside.is_absolute() or ".." in inside.parts or ":" in entry.filename[:2]:
        raise InputError(f"{shown(path)} holds a path that leads out of it; zip the files again.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError(f"{shown(path)} holds a link; zip the files themselves.")
    if entry.flag_bits & 1:
        raise InputError(f"{shown(path)} is protected by a password; zip the files without one.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{shown(path)} is packed in a rare way; zip the files as usual.")


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    inside = path_in_zip(entry)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in inside.parts)
    is_folder = entry.filename.endswith(("/", "\\"))
    return not hidden and not is_folder and is_nifti_name(inside.name)


def _too_many_entries(path: Path, most: int) -> InputError:
    return InputError(
        f"{shown(path)} holds more than {most} files; zip only the NIfTI files of the cases."
    )


def _bad_header(path: Path, why: str) -> InputError:
    return InputError(f"{shown(path)} has a damaged header ({why}); copy or export it again.")


def _truncated(path: Path) -> InputError:
    return InputError(f"{shown(path)} is cut off before its end; copy or download it again.")


def _damaged(path: Path) -> InputError:
    return InputError(f"{shown(path)} is damaged; copy or download it again.")


def _times(numbers: Iterable[object]) -> str:
    return "×".join(str(number) for number in numbers)
