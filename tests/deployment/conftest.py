"""The lines of the Dockerfile, and what its image would hold."""

import shlex
import shutil

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="session")
def lines():
    """Of the Dockerfile, one for each instruction."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="session")
def image(lines, tmp_path_factory):
    """A folder with what the COPY lines bring, and nothing else."""
    folder = tmp_path_factory.mktemp("image")
    for line in lines:
        if line.startswith("COPY"):
            *sources, target = [w for w in shlex.split(line)[1:] if not w.startswith("--")]
            for source in sources:
                place = folder / target / (source if target == "./" else "")
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, place)
    return folder
