"""How long a large study takes before the first pixel is read: ``python -m benchmarks headers``.

The files of a study are written again, under other UIDs, until there are as many as asked for; what
their headers hold, and how large they are, stays as it was.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any, Final

import pydicom
from pydicom.uid import UID

from common.errors import InputError
from inference.dicom.exams import find_exams
from inference.dicom.file_headers.kinds import READ
from inference.dicom.files import all_files
from training.results import machine

# From the memory of the machine, where the files still are; and from the disk.
WARM, COLD = "warm", "cold"
_LONGEST_UID: Final = 64


def measure_headers(study: Path, *, files: int, repeats: int) -> dict[str, Any]:
    """Time from a folder to the table of its series.

    Args:
        study: Folder with DICOM files of MR images.
        files: How many files are read.
        repeats: How often each way is timed.

    Returns:
        How many files of how many bytes; for each way the ``wall_s`` and ``cpu_s`` of every run.

    Raises:
        InputError: where the folder holds no MR images.
    """
    with tempfile.TemporaryDirectory() as folder:
        written = write_again(study, Path(folder), files)
        return {
            "machine": machine(),
            "files": len(written),
            "mb": round(sum(path.stat().st_size for path in written) / 1e6, 1),
            WARM: [_timed(Path(folder)) for _ in range(repeats)],
            COLD: [_timed(Path(folder), forgotten=written) for _ in range(repeats)],
        }


def write_again(study: Path, folder: Path, files: int) -> list[Path]:
    """Write the MR images of a study again and again, each time as series of their own.

    Args:
        study: As of :func:`measure_headers`.
        folder: Where to.
        files: How many.

    Raises:
        InputError: as of :func:`measure_headers`.
    """
    folder.mkdir(exist_ok=True)
    return [_write(dataset, folder, at) for at, dataset in enumerate(_copies(study, files))]


def format_headers(results: dict[str, Any]) -> str:
    """A line a way: the medians of its runs."""
    lines = [f"{results['machine']}, {results['files']} files, {results['mb']:.0f} MB"]
    for way in (WARM, COLD):
        wall, cpu = (
            statistics.median(run[of] for run in results[way]) for of in ("wall_s", "cpu_s")
        )
        lines.append(f"  {way:<5} {wall:.2f} s, {cpu:.2f} s of them computing")
    return "\n".join(lines)


def _copies(study: Path, files: int) -> Iterator[pydicom.FileDataset]:
    images = [path for path in all_files([study]) if _is_image(path)]
    if not images:
        raise InputError(f"{study} holds no MR images in DICOM; give the folder of a study.")
    every = ((turn, path) for turn in count() for path in images)
    for turn, path in islice(every, files):
        dataset = pydicom.dcmread(path)
        for keyword in ("SeriesInstanceUID", "SOPInstanceUID"):
            dataset[keyword].value = _another(dataset[keyword].value, turn)
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        yield dataset


def _is_image(path: Path) -> bool:
    try:
        return str(pydicom.dcmread(path, specific_tags=["SOPClassUID"]).SOPClassUID) in READ
    except (pydicom.errors.InvalidDicomError, AttributeError):
        return False


def _another(uid: str, turn: int) -> UID:
    end = f".{turn + 1}"
    return UID(uid[: _LONGEST_UID - len(end)].rstrip(".") + end) if turn else UID(uid)


def _write(dataset: pydicom.FileDataset, folder: Path, at: int) -> Path:
    path = folder / f"IM{at:06d}"
    with path.open("wb") as stream:
        dataset.save_as(stream)
        stream.flush()
        os.fsync(stream.fileno())
    return path


def _timed(folder: Path, forgotten: Sequence[Path] = ()) -> dict[str, float]:
    for path in forgotten:
        _forget(path)
    wall, cpu = time.perf_counter(), time.process_time()
    find_exams([folder])
    return {
        "wall_s": round(time.perf_counter() - wall, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
    }


def _forget(path: Path) -> None:
    """Let the machine drop what it keeps of a file, where it can be asked to."""
    if not hasattr(os, "posix_fadvise"):
        return
    with path.open("rb") as stream:
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
