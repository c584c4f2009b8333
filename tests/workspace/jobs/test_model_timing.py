"""A model is really run, on a small case in place of the sample."""

import pytest
import streamlit as st

from workspace import open_case
from workspace.jobs import model_timing
from workspace.jobs.model_timing import last_timing, start_timing
from workspace.jobs.queue.job_queue import JobQueue

PATIENCE_S = 240


@pytest.fixture(autouse=True)
def _own_queue_and_session(monkeypatch, small_case_folder):
    queue = JobQueue()
    monkeypatch.setattr(model_timing, "queue", queue)
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(open_case, "SAMPLE_FOLDER", small_case_folder)
    yield
    # Nothing is left running: the server has one queue, so no model is used by two threads.
    queue.stop()


def test_every_part_is_timed_and_a_second_press_runs_it_again():
    assert last_timing("unet") is None
    first = start_timing("unet")
    found = first.future.result(timeout=PATIENCE_S)
    parts = [found.seconds[part] for part in ("read", "preprocess", "predict", "postprocess")]
    assert all(seconds > 0 for seconds in parts)
    assert found.seconds["total"] == pytest.approx(sum(parts))
    assert found.rise_mb is None or 0 <= found.rise_mb < 2000
    assert found.cores >= 1
    assert first.progress == 1
    second = start_timing("unet")
    assert second is not first
    assert last_timing("unet") is second


def test_memory_taken_for_a_while_is_seen():
    if not model_timing._STATM.is_file():
        pytest.skip("this system does not tell")
    with model_timing._memory() as rise:
        held = bytearray(b"x") * 100_000_000
        while not rise or max(rise) < 50e6:
            pass
        del held
    assert 80e6 < max(rise) < 300e6


def test_a_model_without_weights_says_so(monkeypatch):
    def missing(name):
        raise FileNotFoundError(f"no weights of {name}")

    monkeypatch.setattr(model_timing, "loaded_model", missing)
    job = start_timing("unet")
    assert str(job.future.exception(timeout=PATIENCE_S)) == "no weights of unet"
    assert job.status == "failed"
