import pytest

from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases


@pytest.fixture(scope="module")
def case(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        return read_case(files)
