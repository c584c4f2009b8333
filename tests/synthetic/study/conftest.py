from pathlib import Path

import pydicom
import pytest

from synthetic.skull import make_head
from synthetic.study.exam import examine
from synthetic.study.write import write_exam

COARSE = 3.0  # mm: the head is drawn in a moment, the sequences keep their own grids


@pytest.fixture(scope="session")
def head():
    return make_head(spacing=COARSE)


@pytest.fixture(scope="session")
def exam(head):
    return examine(head, seed=0)


@pytest.fixture(scope="session")
def plain(exam, tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "plain"
    write_exam(exam, folder)
    return folder


@pytest.fixture(scope="session")
def enhanced(exam, tmp_path_factory):
    folder = tmp_path_factory.mktemp("study") / "enhanced"
    write_exam(exam, folder, variant="enhanced")
    return folder


def datasets(folder: Path, series: int) -> list[pydicom.Dataset]:
    return [pydicom.dcmread(path) for path in sorted(folder.rglob(f"SE{series:06d}/*"))]
