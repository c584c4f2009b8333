"""Which exams lie in a heap of files, without reading a pixel; several are a question, no mix."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.file_headers.frames import ImageFile
from inference.dicom.file_headers.headers import TAGS, image_file
from inference.dicom.file_headers.kinds import READ, in_words
from inference.dicom.file_headers.source import read_header
from inference.dicom.file_headers.values import silence_pydicom
from inference.dicom.files import all_files
from inference.dicom.volumes.series import SeriesHeader, series_headers

_NOT_DICOM: Final = ("file that is not DICOM", "files that are not DICOM")
_UNREADABLE: Final = ("DICOM file that cannot be read", "DICOM files that cannot be read")

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Exam:
    """One study of one patient.

    Args:
        uid: StudyInstanceUID.
        date: Its day, or None where the header does not say.
        patient_key: Same for the same patient within this run; says nothing of who it is.
        ordinal: Its number among the exams found, from 1, by date.
        patient: The number of its patient among those found, from 1.
        series: Its volumes, by series number.
    """

    uid: str
    date: datetime.date | None
    patient_key: str
    ordinal: int
    patient: int
    series: tuple[SeriesHeader, ...]

    @property
    def when(self) -> str:
        """Its date in words, such as ``12 March 2024``."""
        return f"{self.date.day} {self.date:%B %Y}" if self.date else "without a date"


@dataclass(frozen=True)
class LeftOut:
    """Files of one kind that are not read.

    Args:
        what: What they are, such as ``structured reports (SR)``.
        files: How many.
        sentence: The same as a sentence; for a file that cannot be read, why.
    """

    what: str
    files: int
    sentence: str


@dataclass(frozen=True)
class Found:
    """What lies in the files given.

    Args:
        exams: Each study of each patient that has MR images, by date.
        left_out: What else there was.
    """

    exams: tuple[Exam, ...]
    left_out: tuple[LeftOut, ...]


def find_exams(
    paths: Sequence[Path],
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Found:
    """Read the headers of all DICOM files in folders and of files given.

    Args:
        paths: Folders and files, whatever their names.
        progress: Told how many files of how many have been looked at.
        cancelled: Asked before each file; True ends the search.

    Raises:
        InputError: for more files than ``files.MAX_FILES``.
        InterruptedError: where it was cancelled.
    """
    files = all_files(paths)
    silence_pydicom()
    images: list[ImageFile] = []
    known: dict[str, SeriesFacts] = {}
    left: Counter[str] = Counter()
    faults: list[str] = []
    for done, path in enumerate(files):
        if cancelled and cancelled():
            raise InterruptedError
        try:
            _sort(path, images, known, left)
        except InputError as error:
            faults.append(str(error))
        if progress:
            progress(done + 1, len(files))
    return Found(_exams(images), (*_left_out(left), *_faulty(faults)))


def _sort(
    path: Path, images: list[ImageFile], known: dict[str, SeriesFacts], left: Counter[str]
) -> None:
    source = read_header(path, TAGS)
    if source is None:
        left[""] += 1
    elif source.sop_class in READ:
        images.append(image_file(path, source, known))
    else:
        left[source.sop_class] += 1


def _left_out(left: Counter[str]) -> Iterator[LeftOut]:
    by_words: Counter[tuple[str, str]] = Counter()
    for sop_class, files in left.items():
        words = (in_words(sop_class, 1), in_words(sop_class, 2)) if sop_class else _NOT_DICOM
        by_words[words] += files
    for (one, several), files in by_words.items():
        what = one if files == 1 else several
        yield LeftOut(what, files, f"{files} {what}: left out.")


def _faulty(faults: Sequence[str]) -> Iterator[LeftOut]:
    for sentence in faults:
        yield LeftOut(_UNREADABLE[0], 1, sentence)


def _exams(images: Iterable[ImageFile]) -> tuple[Exam, ...]:
    studies: dict[tuple[str, str], list[ImageFile]] = defaultdict(list)
    for image in images:
        studies[image.patient_key, image.study_uid].append(image)
    dated = [(_date(files), key, files) for key, files in studies.items()]
    dated.sort(key=lambda study: (study[0] is None, study[0] or datetime.date.min))
    patients = list(dict.fromkeys(key[0] for _, key, _ in dated))
    return tuple(
        Exam(uid, date, patient, number, patients.index(patient) + 1, _series(files))
        for number, (date, (patient, uid), files) in enumerate(dated, 1)
    )


def _date(files: Iterable[ImageFile]) -> datetime.date | None:
    for day in sorted(filter(None, (file.study_date for file in files))):
        try:
            return datetime.datetime.strptime(day, "%Y%m%d").date()
        except ValueError:
            continue
    return None


def _series(files: Iterable[ImageFile]) -> tuple[SeriesHeader, ...]:
    by_uid: dict[str, list[ImageFile]] = defaultdict(list)
    for file in files:
        by_uid[file.series_uid].append(file)
    headers = [header for group in by_uid.values() for header in series_headers(group)]
    return tuple(sorted(headers, key=lambda h: (h.facts.number is None, h.facts.number or 0)))
