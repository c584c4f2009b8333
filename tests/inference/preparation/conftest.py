"""A small head as an examination: four thick grids of their own, a head that moves."""

import pytest

from inference.case import Case
from synthetic import make_case
from training.hospital.made_up_scan import scan_like_a_hospital


@pytest.fixture(scope="session")
def whole_case(tmp_path_factory) -> Case:
    """The synthetic sample at 2 mm, with truth."""
    from inference.io.case_files import open_cases
    from inference.io.case_reader import read_case
    from synthetic import write_case

    folder = tmp_path_factory.mktemp("whole") / "head"
    write_case(make_case(shape=(120, 120, 78)), folder)
    with open_cases([folder]) as (files,):
        return read_case(files)


@pytest.fixture(scope="session")
def made_up_scan(whole_case):
    """An examination made of it, pixels of 2 mm."""
    return scan_like_a_hospital(whole_case, seed=3, pixel_mm=2.0)
