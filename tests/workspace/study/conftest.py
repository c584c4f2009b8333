"""The made-up study, coarse."""

import pytest

from inference.study.sources import DicomFiles
from synthetic.skull import make_head
from synthetic.study.exam import examine
from synthetic.study.write import write_exam
from workspace.jobs.background import Progress
from workspace.study.preparing import prepare_exam
from workspace.study.study import Study

PATIENCE_S = 120
COARSE = 4.0  # mm


@pytest.fixture(scope="session")
def exam_of_a_head():
    return examine(make_head(spacing=COARSE), seed=0)


@pytest.fixture(scope="session")
def study_folder(exam_of_a_head, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scanner") / "study"
    write_exam(exam_of_a_head, folder)
    return folder


@pytest.fixture(scope="session")
def read(study_folder):
    """The study, its headers read."""
    study = Study(DicomFiles((study_folder,)))
    assert study.reading.wait(PATIENCE_S)
    assert study.reading.error is None
    return study


@pytest.fixture(scope="module")
def prepared(read, coarse_working_grid):
    """The study, prepared on a grid of 2 mm."""
    progress = Progress()
    case = prepare_exam(read.exam, read.choice(read.exam), progress, synthetic=True)
    progress.end()
    return case, progress
