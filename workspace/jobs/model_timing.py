"""How long a model takes on this machine now, on the synthetic sample, by really running it."""

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from inference.case_report import total_seconds
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import prepare
from workspace import open_case
from workspace.jobs.queue.job import Job
from workspace.jobs.queue.server_queue import queue
from workspace.jobs.visitors import this_visitor
from workspace.models.loaded_models import loaded_model

_STATM: Final = Path("/proc/self/statm")
_SAMPLED_EVERY_S: Final = 0.02


@dataclass(frozen=True)
class Timing:
    """What one run took.

    Args:
        seconds: By part, from the files to the label map, and their total.
        rise_mb: By how much the memory of the server rose while the model segmented, at most;
            None where the system does not report it.
        arithmetic: What the network was calculated in.
        cores: How many the process may use.
    """

    seconds: dict[str, float]
    rise_mb: float | None
    arithmetic: str
    cores: int


def start_timing(name: str) -> Job:
    """Run a model on the sample when its turn comes; every call is a new run."""
    job = queue.submit(
        ("timing", name, uuid.uuid4()),
        lambda report: _timed(name, report),
        who=this_visitor(),
        aside=True,
    )
    st.session_state[_state(name)] = job
    return job


def last_timing(name: str) -> Job | None:
    """The run this visitor asked for last."""
    return st.session_state.get(_state(name))


def _state(name: str) -> str:
    return f"timing-{name}"


def _timed(name: str, report: Callable[[float], None]) -> Timing:
    from inference.network.engine import arithmetic_of, segment

    model, weights = loaded_model(name)
    with open_cases([open_case.SAMPLE_FOLDER]) as (files,):
        start = time.perf_counter()
        case = read_case(files)
        read_seconds = time.perf_counter() - start
    prepared = prepare(case)
    with _memory() as rise:
        found = segment(case, model, name=name, prepared=prepared, weights=weights, progress=report)
    return Timing(
        total_seconds(found, read_seconds),
        max(rise) / 1e6 if rise else None,
        arithmetic_of(model),
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    )


@contextmanager
def _memory() -> Iterator[list[int]]:
    """Bytes above those at the start, taken again and again; empty where there is no ``/proc``."""
    taken: list[int] = []
    if not _STATM.is_file():
        yield taken
        return
    before, stop = _resident(), threading.Event()

    def watch() -> None:
        while not stop.wait(_SAMPLED_EVERY_S):
            taken.append(max(0, _resident() - before))

    thread = threading.Thread(target=watch, name="memory", daemon=True)
    thread.start()
    try:
        yield taken
    finally:
        stop.set()
        thread.join()


def _resident() -> int:
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
