"""Which exams lie in a heap of files, without reading a pixel; several are a question, no mix."""

import datetime
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inference.dicom.frames import ImageFile
from inference.dicom.headers import TAGS, image_file
from inference.dicom.kinds import DIRECTORY, READ, in_words
from inference.dicom.series import SeriesHeader, series_headers
from inference.dicom.source import read_header
from inference.errors import InputError

MAX_FILES: Final = 20_000
_MAX_DEPTH: Final = 32
_NOT_DICOM: Final = ("file that is not DICOM", "files that are not DICOM")
_UNREADABLE: Final = ("DICOM file that cannot be read", "DICOM files that cannot be read")
_LISTED: Final = 8

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
        InputError: for more than ``MAX_FILES`` files.
        InterruptedError: where it was cancelled.
    """
    files = _all_files(paths)
    images: list[ImageFile] = []
    left: Counter[str] = Counter()
    faults: list[str] = []
    for done, path in enumerate(files):
        if cancelled and cancelled():
            raise InterruptedError
        try:
            _sort(path, images, left)
        except InputError as error:
            faults.append(str(error))
        if progress:
            progress(done + 1, len(files))
    return Found(_exams(images), (*_left_out(left), *_faulty(faults)))


def choose_exam(found: Found, wanted: str | None = None) -> Exam:
    """The exam that is meant.

    Args:
        found: What :func:`find_exams` found.
        wanted: StudyInstanceUID, date (``2024-03-12`` or ``20240312``) or number of the exam;
            None where there is only one.

    Raises:
        InputError: where there is none, or several and it is not said which; it names them by
            date and number, never by patient.
    """
    if not found.exams:
        raise InputError(_nothing(found))
    fitting = [exam for exam in found.exams if wanted is None or _is_meant(exam, wanted.strip())]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise InputError(f"No exam is {wanted.strip()[:64]!r}: {_question(found.exams)}")
    raise InputError(_question(fitting))


def _is_meant(exam: Exam, wanted: str) -> bool:
    date = exam.date.isoformat() if exam.date else ""
    return wanted in (exam.uid, date, date.replace("-", ""), str(exam.ordinal)) and wanted != ""


def _question(exams: Sequence[Exam]) -> str:
    patients = len({exam.patient_key for exam in exams})
    listed = "; ".join(_in_a_list(exam, several=patients > 1) for exam in exams[:_LISTED])
    more = f"; and {len(exams) - _LISTED} more" if len(exams) > _LISTED else ""
    whose = f" of {patients} patients" if patients > 1 else ""
    count = f"{len(exams)} exams{whose}" if len(exams) > 1 else "one exam"
    example = exams[0].date.isoformat() if _date_is_enough(exams) else str(exams[0].ordinal)
    return (
        f"the files hold {count}: {listed}{more}. Choose one with --study NUMBER, DATE or UID, "
        f"such as --study {example}."
    ).replace("the files", "The files" if len(exams) > 1 else "the files", 1)


def _date_is_enough(exams: Sequence[Exam]) -> bool:
    return exams[0].date is not None and [e.date for e in exams].count(exams[0].date) == 1


def _in_a_list(exam: Exam, *, several: bool) -> str:
    patient = f", patient {exam.patient}" if several else ""
    series = "1 series" if len(exam.series) == 1 else f"{len(exam.series)} series"
    return f"{exam.ordinal}) {exam.when}{patient}, {series}"


def _nothing(found: Found) -> str:
    kinds = {left.what for left in found.left_out}
    if kinds and kinds <= set(_directory_words()):
        return (
            "A DICOMDIR is only the table of contents of a disc; give the folder that holds it "
            "together with the files it lists."
        )
    if not found.left_out:
        return "There are no files; give the folder of an exam."
    there = " ".join(left.sentence for left in found.left_out[:_LISTED])
    return f"No MR images were found. {there}"


def _directory_words() -> tuple[str, str]:
    return in_words(DIRECTORY, 1), in_words(DIRECTORY, 2)


def _all_files(paths: Sequence[Path]) -> list[Path]:
    files: dict[Path, None] = {}
    for path in paths:
        for file in _files_under(path) if path.is_dir() else [path]:
            files[file] = None
            if len(files) > MAX_FILES:
                raise InputError(
                    f"There are more than {MAX_FILES} files; give the folder of one exam."
                )
    return list(files)


def _files_under(folder: Path) -> Iterator[Path]:
    """Plain files in order of their names; links are not followed, nor folders without end."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        if len(Path(here).relative_to(folder).parts) >= _MAX_DEPTH:
            folders.clear()
        for name in sorted(names):
            path = Path(here) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _sort(path: Path, images: list[ImageFile], left: Counter[str]) -> None:
    source = read_header(path, TAGS)
    if source is None:
        left[""] += 1
    elif source.sop_class in READ:
        images.append(image_file(path, source))
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
