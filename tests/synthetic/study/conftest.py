from functools import cache
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
def written(exam, tmp_path_factory):
    """The folder of a variant, which is written once for all tests that read it."""

    @cache
    def folder_of(variant: str) -> Path:
        folder = tmp_path_factory.mktemp("study") / variant
        write_exam(exam, folder, variant=variant)
        return folder

    return folder_of


@pytest.fixture(scope="session")
def plain(written):
    return written("plain")


@pytest.fixture(scope="session")
def enhanced(written):
    return written("enhanced")


def datasets(folder: Path, series: int) -> list[pydicom.Dataset]:
    return [pydicom.dcmread(path) for path in sorted(folder.rglob(f"SE{series:06d}/*"))]
