"""A case for flows in which it matters only that there is one."""

import pytest

from synthetic import make_case, write_case


@pytest.fixture(scope="session")
def few_slices(tmp_path_factory):
    """``small_case_folder`` in fewer slices: most of what a server does for a case is a slice's."""
    folder = tmp_path_factory.mktemp("few") / "small"
    write_case(make_case(shape=(64, 64, 12)), folder)
    return folder
