"""What the zoo is run through in the app: as the Open page does with what is dropped onto it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.preparation.opened_case import PreparationOptions
from tests.support.small_study import where_it_lies
from tests.workspace.desk.drops import Upload
from workspace.desk.arrival.uploads import take_in
from workspace.desk.desk import Desk, case_files
from workspace.study import exams
from workspace.study.arrival import study_of
from workspace.study.study import Study

PATIENCE_S = 60


@dataclass(frozen=True)
class Told:
    """What became of what was dropped.

    Args:
        opened: Whether a case came of it, its voxels read.
        said: The sentences on why not.
    """

    opened: bool
    said: tuple[str, ...]


def dropped(path: Path) -> list[Upload]:
    """A file, or all files of a folder, as a browser sends them: each by its name alone."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path, *_beside(path)]
    return [Upload(file.name, file.read_bytes()) for file in files if file.is_file()]


def _beside(path: Path) -> Iterator[Path]:
    return (file for file in path.parent.iterdir() if file.stem == path.stem and file != path)


def told_of(uploads: list[Upload]) -> Told:
    """Drop files onto the Open page and open what they make, up to where networks would begin."""
    try:
        study = study_of(uploads)
    except InputError as error:
        return Told(False, (str(error),))
    return _of_desk(uploads) if study is None else _of_study(study)


def _of_desk(uploads: list[Upload]) -> Told:
    on = Desk()
    take_in(on, uploads)
    said = (*on.refused, *(failed.sentence for failed in on.failed))
    if not on.rows:
        return Told(False, said)
    try:
        with case_files(on) as files:
            read_case(files)
    except InputError as error:
        return Told(False, (*said, str(error)))
    return Told(True, said)


def _of_study(study: Study) -> Told:
    try:
        assert study.reading.wait(PATIENCE_S)
        if study.reading.error is not None:
            return Told(False, (str(study.reading.error),))
        if study.exam is None:
            return Told(False, (_question(study),))
        return _opened(study, study.exam)
    finally:
        study.discard()


def _question(study: Study) -> str:
    read = study.reading.result
    return read.nothing or f"There are {len(read.exams)} exams."


def _opened(study: Study, exam: exams.ReadExam) -> Told:
    options = PreparationOptions("always", find_brain=lambda: pytest.fail("no brain is looked for"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exams, "prepared", lambda examination, _: where_it_lies(examination))
        try:
            exam.open(study.choice(exam), options, lambda: False)
        except InputError as error:
            return Told(False, (str(error),))
    return Told(True, ())
