"""Fixtures for all tests: small synthetic cases on disk, and real patients where they are."""

import os
import sys
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner

from benchmarks.browser import PATIENCE_MS, run_browser, start_server
from model_zoo.weights import loading
from model_zoo.weights.folder import INT8
from synthetic import make_case, write_case
from tests.support.coarse_grid import coarse_grid
from tests.support.read_once import read_once
from tests.support.repository import ROOT
from tests.support.sharing_out import SharingOut, is_worker, turn_of
from tests.support.slow_tests import function_of, slow_tests
from tests.support.small_study import open_small_study, write_small_study
from tests.support.visitors import ONE_PROCESS, Visitors

if is_worker():  # before torch is imported: other workers have the other cores, servers too
    os.environ.setdefault("OMP_NUM_THREADS", "1")

SMALL = (64, 64, 32)
# Fixtures that start a browser or a server, fixtures of patients at full size or that import for
# seconds, tests that took long when measured; folders whose tests train or run what was trained.
_BROWSER_FIXTURES = {"browser", "server_starter"}
_SLOW_FIXTURES = {"monai_metrics", "real_data"}
_SLOW_TESTS = slow_tests()
# How Playwright says that it waited in vain: a click on what a page has just drawn anew may be
# lost, once in some hundred runs. Whatever else fails has failed.
_WAITED_IN_VAIN = [r"TimeoutError: .*Timeout \d+ms exceeded", "AssertionError: Locator expected"]
# A page on a busy machine is late, not wrong.
expect.set_options(timeout=PATIENCE_MS)
_TRAINING_FOLDERS = {
    *("run", "experiments", "release", "scoring", "commands", "cards"),
    *("hospital", "brain_mask", "template"),
}


def pytest_itemcollected(item):
    """Mark the tests that ``make check`` leaves out, so that none has to do so itself."""
    if _BROWSER_FIXTURES & set(item.fixturenames):
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=_WAITED_IN_VAIN))
    if _SLOW_FIXTURES & set(item.fixturenames) or function_of(item.nodeid) in _SLOW_TESTS:
        item.add_marker(pytest.mark.slow)
    place = item.path.relative_to(ROOT / "tests").parts
    if place[0] == "training" and place[1] in _TRAINING_FOLDERS:
        item.add_marker(pytest.mark.training)


def pytest_collection_modifyitems(config, items):
    """In the order in which workers get them; a run in one process keeps that of the folders."""
    if is_worker():
        items.sort(key=lambda item: turn_of(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # it would put many short tests before few long ones
    return SharingOut(config, log)


@pytest.fixture(scope="session")
def small_study_folder(tmp_path_factory):
    return write_small_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="session")
def small_study(small_study_folder):
    """A study of DICOM, prepared."""
    return open_small_study(small_study_folder)


@pytest.fixture(autouse=True)
def _main_module_stays():
    """AppTest leaves its script as ``__main__``, which a process pool would run again to start."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session", autouse=True)
def _search_path_as_in_a_server():
    """AppTest puts a script's folder before the search path and takes it off after every run.

    A server has it there once and for all. A thread that looks for a module while an entry goes
    passes the next one over: HD95 and exports then failed for want of a package that is installed.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "modified_sys_path", nullcontext)
        yield


@pytest.fixture(scope="session", autouse=True)
def _int8_runs_on_every_machine():
    """Whatever this machine runs faster, the tests are of the same networks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "known_form", lambda: INT8)
        yield


@pytest.fixture(scope="session", autouse=True)
def _embedded_networks_are_read_once():
    """:func:`tests.support.read_once.read_once`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "read_quantised", read_once(loading.read_quantised))
        yield


@pytest.fixture(scope="session", autouse=True)
def _installed_packages_are_read_once():
    """Every AppTest looks through all installed packages for components, for most of its time."""
    with pytest.MonkeyPatch.context() as patch:
        scanned = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scanned)
        yield


@pytest.fixture(scope="session")
def small_case_folder(tmp_path_factory) -> Path:
    """A synthetic case with truth, coarse and small, in the naming of BraTS 2021."""
    folder = tmp_path_factory.mktemp("cases") / "small"
    write_case(make_case(shape=SMALL), folder)
    return folder


@pytest.fixture(scope="session")
def few_slices(tmp_path_factory) -> Path:
    """The same in fewer slices, where all that matters is that there is a case to be read."""
    folder = tmp_path_factory.mktemp("few") / "small"
    write_case(make_case(shape=(64, 64, 12)), folder)
    return folder


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory) -> Path:
    """Two synthetic patients for training, one for validation, one for test, and their table."""
    folder = tmp_path_factory.mktemp("data")
    splits = {"a": "train", "b": "train", "c": "val", "d": "test"}
    for seed, name in enumerate(splits):
        write_case(make_case(shape=SMALL, seed=seed), folder / name)
    rows = [f"{name},HGG,{split}" for name, split in splits.items()]
    (folder / "cases.csv").write_text("\n".join(["case,grade,split", *rows]) + "\n")
    return folder


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real BraTS patients, whose tests are skipped where it is absent."""
    folder = Path(os.environ.get("GLIOLENS_DATA", ROOT.parent / "shared" / "data")) / "brats"
    if not folder.is_dir():
        pytest.skip(f"no real patients in {folder}; set GLIOLENS_DATA to their parent folder")
    return folder


@pytest.fixture(scope="module")
def coarse_working_grid():
    """:func:`tests.support.coarse_grid.coarse_grid`."""
    with coarse_grid():
        yield


@pytest.fixture(scope="session")
def monai_metrics():
    """``monai.metrics``, which takes seconds to import: for the tests that compare with it."""
    import monai.metrics

    return monai.metrics


@pytest.fixture(scope="session")
def server_starter():
    """:func:`benchmarks.browser.start_server`."""
    return start_server


@pytest.fixture(scope="session")
def browser():
    """One headless browser for all tests; each opens a context of its own."""
    with run_browser(*ONE_PROCESS) as running:
        yield running


@pytest.fixture(scope="session")
def address(server_starter):
    """The address of the app, run once for all tests that need nothing of their own from it."""
    with server_starter(ROOT / "app.py") as address:
        yield address


@pytest.fixture(scope="session")
def visitors(browser):
    """:class:`tests.support.visitors.Visitors` of the one browser."""
    coming = Visitors(browser)
    yield coming
    coming.close()


@pytest.fixture
def page(visitors, address):
    """A new visitor of the app, at a desk."""
    with visitors.come(address) as page:
        yield page
