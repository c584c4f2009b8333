"""What is fed to which reader: bytes become a file, and the file a scan or a refusal in words.

A target raises nothing but what is a fault: :class:`common.errors.InputError` is its right answer.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.dicom.volumes.pixels import middle_slice, read_volume
from inference.io.archives.archive import is_archive, names_in, unpacked
from inference.io.volumes.checked_file import check_file
from inference.io.volumes.nifti_blocks import read_blocks

# Small enough that what is read at all is read soon.
_MOST_VOXELS: Final = 1_000_000
_MOST_BYTES: Final = 20_000_000
# The first byte of an input says by which name the rest comes in.
VOLUME_NAMES: Final = (
    *("x_t1.nii", "x_t1.nii.gz", "x_t1.mgz", "x_t1.mha", "x_t1.nrrd", "x_t1.hdr"),
)
PICTURE_NAMES: Final = ("x_t1.png", "x_t1.jpg", "x_t1.tif", "x_t1.npy")
ARCHIVE_NAMES: Final = ("x.zip", "x.tar", "x.tar.gz")


def nifti(data: bytes) -> None:
    """A volume of any format."""
    with _file(data, VOLUME_NAMES) as path:
        _read(path)


def picture(data: bytes) -> None:
    """A picture, the pages of a TIFF, or an array."""
    with _file(data, PICTURE_NAMES) as path:
        _read(path)


def archive(data: bytes) -> None:
    """A zip or a tar, plain or packed."""
    with _file(data, ARCHIVE_NAMES) as path:
        if not is_archive(path):
            return
        names_in(path)
        with unpacked(path, max_bytes=_MOST_BYTES, any_name=True) as folder:
            outside = folder.parent / "outside"
            if outside.exists():
                raise AssertionError("a file lies outside of the folder")


def dicom(data: bytes) -> None:
    """One file of a study, its header and its pixels."""
    with _file(data, ("IM0001",)) as path:
        found = find_exams([path])
        for series in (each for exam in found.exams for each in exam.series):
            for read in (middle_slice, read_volume):
                try:
                    read(series)
                except InputError:
                    continue


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "nifti": nifti,
    "dicom": dicom,
    "picture": picture,
    "archive": archive,
}


def answer(name: str, data: bytes) -> str | None:
    """The sentence with which some bytes are refused; None where they were read."""
    try:
        TARGETS[name](data)
    except InputError as error:
        return str(error)
    return None


def _read(path: Path) -> None:
    for _ in read_blocks(check_file(path, max_voxels=_MOST_VOXELS)):
        pass


@contextmanager
def _file(data: bytes, names: tuple[str, ...]) -> Iterator[Path]:
    which, content = (data[0] % len(names), data[1:]) if data else (0, b"")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / names[which]
        path.write_bytes(content)
        yield path
