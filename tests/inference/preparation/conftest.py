"""A small head as an examination: four thick grids of their own, a head that moves."""

import pytest

from inference.case import Case
from inference.preparation import prepare
from inference.preparation.prepare import Preparation, prepare_examination
from synthetic import make_case
from tests.support.coarse_grid import coarse_grid
from training.hospital.made_up_scan import scan_like_a_hospital


@pytest.fixture(scope="session")
def whole_case(tmp_path_factory) -> Case:
    """The synthetic sample at 2 mm, with truth."""
    from inference.io.case_reader import read_case
    from inference.io.cases.case_files import open_cases
    from synthetic import write_case

    folder = tmp_path_factory.mktemp("whole") / "patient"
    write_case(make_case(shape=(120, 120, 78)), folder)
    with open_cases([folder]) as (files,):
        return read_case(files)


@pytest.fixture(scope="session")
def made_up_scan(whole_case):
    """An examination made of it; a pixel so large is read at one place, not at four."""
    return scan_like_a_hospital(whole_case, seed=3, pixel_mm=1.4)


def brain_of_stripped(image, grid):
    """Finds the brain where the skull is off."""
    return image != 0


@pytest.fixture(scope="session")
def preparation(made_up_scan) -> Preparation:
    """The examination on a coarse working grid."""
    with coarse_grid():
        return prepare_examination(made_up_scan.images, name="head", find_brain=brain_of_stripped)


@pytest.fixture(scope="module")
def poses_known(preparation):
    """The heads lie as was measured once, which takes longest, for the tests of other steps."""
    poses = {modality: each.pose for modality, each in preparation.sequences.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepare, "measure_poses", lambda brains, _: {m: poses[m] for m in brains})
        patch.setattr(prepare, "pose_on_template", lambda *_: preparation.on_template)
        yield
