"""The made-up study, coarse, and a brain that is found without the network."""

import pytest

from inference.study.sources import DicomFiles
from synthetic.skull import make_head
from synthetic.study.exam import examine
from synthetic.study.write import write_exam
from workspace.study import preparing
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


def middle_of_the_head(image, grid):
    """Stands for the network: what is bright and lies within 70 mm of the middle."""
    import numpy as np

    axes = np.ogrid[tuple(slice(size) for size in image.shape)]
    away = sum(
        ((axis - (size - 1) / 2) * mm) ** 2
        for axis, size, mm in zip(axes, image.shape, grid.ras_spacing, strict=True)
    )
    return (image > np.percentile(image, 60)) & (away < 70**2)


@pytest.fixture(scope="session")
def prepared(read):
    """The study, prepared with a brain that is found quickly."""
    from workspace.jobs.background import Progress

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "brain_finder", lambda: middle_of_the_head)
        progress = Progress()
        case = prepare_exam(read.exam, read.choice(read.exam), progress, synthetic=True)
        progress.end()
    return case, progress
