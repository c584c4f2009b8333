import gc
import threading
import time
import weakref

import numpy as np
import pytest
import streamlit as st

from common.errors import InputError
from common.processor import usable_cores
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.network.preprocess import prepare
from report.drawing.pictures import View
from workspace import open_case
from workspace.case_results.case_record import images_of
from workspace.case_results.export import Export, ExportOptions, current_export
from workspace.open_case import close_case, current_case, open_files, open_sample


@pytest.fixture(autouse=True)
def _own_session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})


@pytest.fixture
def files(small_case_folder):
    with open_cases([small_case_folder]) as (found,):
        yield found


def test_an_opened_case_is_current_until_it_is_closed(files):
    assert current_case() is None
    opened = open_files(files)
    assert current_case() is opened
    close_case()
    assert current_case() is None


def test_it_keeps_what_the_pages_need_and_not_the_voxels(files):
    opened = open_files(files)
    case = read_case(files)
    np.testing.assert_array_equal(opened.prepared.slices, prepare(case).slices)
    assert opened.case.shape == case.shape
    assert opened.case.voxel_volume_ml == case.voxel_volume_ml
    assert opened.case.volume.strides == (0, 0, 0, 0)
    assert not opened.synthetic


def test_the_same_content_has_the_same_key_and_other_content_another(files):
    first, again = open_files(files), open_files(files)
    without = CaseFiles("other name", {"flair": files.modalities["flair"]}, files.truth)
    assert first.key == again.key
    assert open_files(without).key != first.key


def test_a_broken_file_leaves_the_open_case_open(files, tmp_path):
    opened = open_files(files)
    broken = tmp_path / "x_flair.nii.gz"
    broken.write_bytes(b"")
    with pytest.raises(InputError, match=r"x_flair\.nii\.gz"):
        open_files(CaseFiles("x", {"flair": broken}))
    assert current_case() is opened


def test_the_sample_says_that_it_is_synthetic_and_is_read_once(small_case_folder, monkeypatch):
    monkeypatch.setattr(open_case, "SAMPLE_FOLDER", small_case_folder)
    open_case._sample.cache_clear()
    first = open_sample()
    assert first.synthetic
    assert first.is_sample
    assert open_sample() is first
    open_case._sample.cache_clear()


def test_another_synthetic_case_is_not_the_sample(files):
    opened = open_files(files, synthetic=True)
    assert opened.synthetic
    assert not opened.is_sample


@pytest.fixture
def of_the_case(files):
    """The open case, an export of it and the greys that are kept of it."""
    opened = open_files(files)
    wish = ExportOptions(
        opened.key, (), View("axial", "flair", 0), probabilities=False, agreement=False
    )
    export = st.session_state["export"] = Export(wish)
    yield opened, export, weakref.ref(images_of(opened))
    export.discard()


def test_closing_a_case_drops_what_was_made_of_it(of_the_case):
    _, export, greys = of_the_case
    close_case()
    assert_dropped(export, greys)


def test_opening_another_case_drops_what_was_made_of_the_former(of_the_case, files):
    _, export, greys = of_the_case
    open_files(CaseFiles("other name", {"flair": files.modalities["flair"]}, files.truth))
    assert_dropped(export, greys)


def assert_dropped(export, greys):
    assert current_export() is None
    assert not export.folder.exists()
    gc.collect()
    assert greys() is None


def test_the_same_case_opened_again_keeps_its_files(of_the_case, files):
    _, export, _ = of_the_case
    open_files(files)
    assert current_export() is export
    assert export.folder.exists()


def test_no_more_are_read_at_once_than_one_for_two_cores(files, monkeypatch):
    """Each takes hundreds of megabytes for a moment: of sixteen visitors it would be gigabytes."""
    reading, most, gate = [], [], threading.Lock()

    def watched(*arguments, **options):
        with gate:
            reading.append(1)
            most.append(len(reading))
        time.sleep(0.05)
        try:
            return read_case(*arguments, **options)
        finally:
            with gate:
                reading.pop()

    monkeypatch.setattr(open_case, "read_case", watched)
    visitors = [threading.Thread(target=open_files, args=(files,)) for _ in range(8)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert len(most) == 8
    assert max(most) <= max(1, usable_cores() // 2)
