"""What the tests of a PACS share: a small study, and a real Orthanc where there is one."""

import pytest

from benchmarks.browser import free_port
from tests.inference.dicom.made import write_series
from tests.support.orthanc import run_orthanc, why_not


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """The files of two small series of one study."""
    folder = tmp_path_factory.mktemp("study")
    flair = write_series(folder / "flair", slices=range(6))
    return [*flair, *write_series(folder / "t1", slices=range(6), series="T1", number=6)]


@pytest.fixture
def listener_port():
    return free_port()


@pytest.fixture
def orthanc_runner():
    """:func:`tests.support.orthanc.run_orthanc`, where Orthanc is installed."""
    if reason := why_not():
        pytest.skip(reason)
    return run_orthanc


@pytest.fixture
def orthanc(orthanc_runner, tmp_path, listener_port):
    """A server that knows our listener, with nothing in it."""
    with orthanc_runner(tmp_path / "orthanc", listener_port) as server:
        yield server
