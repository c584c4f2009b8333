"""Which exam is meant where several lie in the files: a question, never a mix."""

from collections.abc import Sequence
from typing import Final

from common.errors import InputError
from inference.dicom.exams import Exam, Found
from inference.dicom.file_headers.kinds import DIRECTORY, in_words

_LISTED: Final = 8


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
    if wanted is not None and not fitting:
        raise InputError(f"No exam is {wanted.strip()[:64]!r}. {_question(found.exams)}")
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
    return (
        f"The files hold {count}: {listed}{more}. Choose one with --study NUMBER, DATE or UID, "
        f"such as --study {_example(exams)}."
    )


def _example(exams: Sequence[Exam]) -> str:
    """The date of the first exam where no other is of that day, else its number."""
    first = exams[0]
    alone = [exam.date for exam in exams].count(first.date) == 1
    return first.date.isoformat() if first.date is not None and alone else str(first.ordinal)


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
