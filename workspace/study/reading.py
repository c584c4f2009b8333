"""Reading the headers of a study, and a small picture of each of its series."""

from dataclasses import dataclass
from typing import Final

from common.errors import InputError
from inference.dicom.choice import choose_exam
from inference.dicom.exams import Found, find_exams
from inference.study.series.nifti_series import find_nifti_study
from inference.study.sources import DicomFiles, NiftiFiles
from workspace.display.inline_picture import inline_picture, windowed
from workspace.jobs.background import Progress
from workspace.study.exams import DicomExam, NiftiExam, ReadExam

_SIDE: Final = 96
# A study of hundreds of series is an error of an archive; its table still has to open.
_MOST_PICTURES: Final = 80


@dataclass(frozen=True, eq=False)
class ReadStudy:
    """What lies in the files of a study.

    Args:
        exams: By date; several are never mixed.
        left_out: A sentence for each kind of file that is not read.
        nothing: Why there is no exam, where there is none.
        pictures: By exam (its ordinal) and index of the series, a PNG in a ``data:`` address.
    """

    exams: tuple[ReadExam, ...]
    left_out: tuple[str, ...]
    nothing: str | None
    pictures: dict[tuple[int, int], str]

    def exam(self, ordinal: int | None) -> ReadExam | None:
        """The exam of this number, or the only one; None while it is not chosen."""
        if len(self.exams) == 1:
            return self.exams[0]
        return next((exam for exam in self.exams if exam.ordinal == ordinal), None)


def read_study(source: DicomFiles | NiftiFiles, progress: Progress) -> ReadStudy:
    """Read all headers, then the middle slice of each series.

    Args:
        source: Where its files are.
        progress: Counts the files.

    Raises:
        InputError: where there are too many files, or a sidecar is damaged.
        InterruptedError: where it was stopped.
    """
    progress.step("headers")
    read = _of_dicom(source, progress) if isinstance(source, DicomFiles) else _of_nifti(source)
    progress.step("pictures")
    for exam in read.exams:
        for index in range(min(len(exam.series), _MOST_PICTURES)):
            progress.check()
            picture = _picture(exam, index)
            if picture is not None:
                read.pictures[exam.ordinal, index] = picture
    return read


def _of_dicom(source: DicomFiles, progress: Progress) -> ReadStudy:
    found = find_exams(list(source.paths), progress=progress.count, cancelled=progress.is_unwanted)
    left_out = tuple(left.sentence for left in found.left_out)
    return ReadStudy(tuple(map(DicomExam, found.exams)), left_out, _nothing_in(found), {})


def _nothing_in(found: Found) -> str | None:
    if found.exams:
        return None
    try:
        choose_exam(found)
    except InputError as error:
        return str(error)
    return None


def _of_nifti(source: NiftiFiles) -> ReadStudy:
    study = find_nifti_study(source.paths, name=source.name)
    return ReadStudy((NiftiExam(study),), (), None, {})


def _picture(exam: ReadExam, index: int) -> str | None:
    """The middle slice in its true proportions; None where it cannot be read, as its row says."""
    try:
        pixels = exam.picture(index)
    except InputError:
        return None
    across, down = (exam.series[index].facts.spacing_mm or (1.0, 1.0, 1.0))[:2]
    return inline_picture(windowed(pixels), longest=_SIDE, pixel_mm=(down, across))
