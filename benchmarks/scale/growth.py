"""How time and memory grow with slices, models, visitors, cases: ``python -m benchmarks growth``.

Every figure of memory is of a process of its own, whose highest it is.
"""

import contextlib
import io
import os
import pickle
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import numpy as np

from common.processor import processor_features, usable_cores

# A row of cases is compared with itself from here on: by then all is loaded that ever will be.
WARM_CASES: Final = 5
_LOOK_EVERY_S: Final = 0.02
_MEGABYTE: Final = 2**20


@dataclass(frozen=True)
class Sizes:
    """How far each part goes.

    Args:
        slices: Numbers of slices, rising.
        visitors: Numbers of visitors at once.
        row: Cases in a row.
        repeats: How often the seconds of slices are measured.
    """

    slices: tuple[int, ...] = (20, 40, 80, 120)
    visitors: tuple[int, ...] = (1, 2, 4, 8, 16)
    row: int = 50
    repeats: int = 3


def measure_growth(
    case: Path,
    names: tuple[str, ...],
    sizes: Sizes,
    *,
    keep: Callable[[dict[str, Any]], None] = lambda results: None,
) -> dict[str, Any]:
    """Measure all parts on one case.

    Args:
        case: A folder, as the command line takes it.
        names: Models of the registry; of slices and cases in a row the first alone.
        sizes: How far each part goes.
        keep: Gets what there is after each part, which may be long before the next.

    Raises:
        InputError: if the case cannot be read.
        WeightsError: if a model has no weights.
    """
    from training.results import machine  # here, with PyTorch: it is in no process measured

    results: dict[str, Any] = {
        "machine": machine(),
        "features": list(processor_features()),
        "cores": usable_cores(),
        "load": os.getloadavg()[0],
        "case": case.name,
        "names": list(names),
    }

    def add(part: str, found: Any) -> None:
        results[part] = found
        keep(results)

    add("models", [_alone(of_models, case, names[: count + 1]) for count in range(len(names))])
    slices = _alone(of_slices, case, names[0], sizes.slices, sizes.repeats)
    add("slices", slices | straight_line(slices["counts"], slices["seconds"]))
    add("row", _alone(of_row, case, names[0], sizes.row))
    for count in sizes.visitors:
        found = _alone(of_visitors, case, names, count)
        add("visitors", [*results.get("visitors", []), found])
    return results


def _alone(work: Callable[..., Any], *given: Any) -> Any:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given).result()


def straight_line(counts: Sequence[int], seconds: Sequence[float]) -> dict[str, float]:
    """The line through some times, and by which share of a time one lies beside it at most."""
    each, fixed = np.polyfit(counts, seconds, 1)
    beside = np.abs(np.polyval((each, fixed), counts) / np.array(seconds) - 1)
    return {"seconds_each": float(each), "seconds_fixed": float(fixed), "off": float(beside.max())}


def of_slices(case: Path, name: str, counts: Sequence[int], repeats: int) -> dict[str, Any]:
    """Median seconds of one model, and the peak so far, for each number of slices."""
    from inference.network.engine import segment_prepared
    from inference.network.preprocess import prepare

    opened = _read(case)
    shape, whole = opened.shape, prepare(opened)
    del opened
    model, origin = _loaded(name)
    seconds, peaks = [], []
    for count in counts:
        start = (len(whole.slices) - count) // 2
        up = slice(whole.box[2].start + start, whole.box[2].start + start + count)
        some = whole.slices[start : start + count]
        prepared = replace(whole, slices=some, box=(*whole.box[:2], up))
        ask = partial(segment_prepared, model, origin, prepared, None, name=name, shape=shape)
        ask()
        seconds.append(statistics.median(_seconds(ask) for _ in range(repeats)))
        peaks.append(_peak_mb())
    return {"counts": list(counts), "seconds": seconds, "peak_rss_mb": peaks}


def of_models(case: Path, names: Sequence[str]) -> dict[str, Any]:
    """Seconds from files to the label maps of some models, and the peak with all of them loaded."""
    from inference.network.engine import segment_prepared
    from inference.network.preprocess import prepare

    loaded = {name: _loaded(name) for name in names}

    def answer() -> None:
        opened = _read(case)
        prepared, shape = prepare(opened), opened.shape
        del opened
        for name, (model, origin) in loaded.items():
            segment_prepared(model, origin, prepared, None, name=name, shape=shape)
            model.rest()

    answer()
    return {"models": len(names), "seconds": _seconds(answer), "peak_rss_mb": _peak_mb()}


def of_visitors(case: Path, names: Sequence[str], count: int) -> dict[str, Any]:
    """Visitors who open a case of their own at the same moment, and want all models.

    Returns:
        ``visitors``, ``cases_per_minute``, ``peak_rss_mb``; of the visitors the median and the
        highest ``wait_s`` for the first model to begin, and ``answer_s`` to the answer of the
        last; ``bytes`` of one visitor.
    """
    from workspace.jobs.queue.job_queue import JobQueue
    from workspace.models.networks import networks

    for name in names:
        networks().warm(name)
    queue = JobQueue(is_here=lambda who: True)
    meeting = threading.Barrier(count)
    start = time.perf_counter()
    with ThreadPoolExecutor(count) as visitors:
        visits = [visitors.submit(_visit, case, names, queue, meeting, who) for who in range(count)]
        found = [visit.result() for visit in visits]
    seconds = time.perf_counter() - start
    queue.stop()
    return {
        "visitors": count,
        "seconds": seconds,
        "cases_per_minute": 60 * count / seconds,
        "wait_s": _spread([each["wait"] for each in found]),
        "answer_s": _spread([each["answer"] for each in found]),
        "peak_rss_mb": _peak_mb(),
        "bytes": found[0]["bytes"],
    }


def _visit(
    case: Path, names: Sequence[str], queue: Any, meeting: threading.Barrier, who: int
) -> dict[str, Any]:
    from inference.io.cases.case_files import open_cases
    from workspace.jobs.quick_look import segmentation_by
    from workspace.jobs.segmentation import Answer
    from workspace.open_case import read_files

    meeting.wait()
    start = time.perf_counter()
    with open_cases([case]) as (files,):
        opened = replace(read_files(files), key=str(who))
    asked, begun = time.perf_counter(), []

    def answer(name: str, report: Callable[[float], None]) -> Answer:
        begun.append(time.perf_counter())
        return Answer.of(opened, segmentation_by(name, opened, report))

    jobs = [queue.submit((who, name), partial(answer, name), who=who) for name in names]
    answers = [job.future.result() for job in jobs]
    ended = time.perf_counter()
    return {
        "wait": min(begun) - asked,
        "answer": ended - start,
        "bytes": _bytes(case, opened, answers),
    }


def _bytes(case: Path, opened: Any, answers: Sequence[Any]) -> dict[str, int]:
    """What a visitor sends and gets, and what goes between a server and a network elsewhere."""
    from viewer import labels_payload

    shown = [labels_payload(each.segmentation.labels) + each.probability for each in answers]
    return {
        "files": sum(file.stat().st_size for file in case.iterdir() if file.is_file()),
        "scan": len(opened.scan),
        "answers": sum(map(len, shown)),
        "to_network": len(pickle.dumps(opened.prepared)),
        "from_network": len(pickle.dumps(answers[0].segmentation)),
    }


def of_row(case: Path, name: str, count: int) -> dict[str, Any]:
    """Many cases in one run of the command: the highest memory while each was the last to end."""
    from common.memory import keep_heap_small
    from inference.__main__ import main
    from inference.cli.cohort.progress import Progress

    keep_heap_small()
    peaks, ended = [0.0], threading.Event()
    counted = Progress.count

    def look() -> None:
        while not ended.wait(_LOOK_EVERY_S):
            peaks[-1] = max(peaks[-1], _resident_mb())

    def count_one(self: Progress, *, failed: bool) -> None:
        peaks.append(0.0)
        counted(self, failed=failed)

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _copies(case, folder / "in", count)
        watcher = threading.Thread(target=look)
        watcher.start()
        start = time.perf_counter()
        nowhere = io.StringIO()
        with patch.object(Progress, "count", count_one), contextlib.redirect_stdout(nowhere):
            code = main([str(folder / "in"), "--model", name, "--output", str(folder / "out")])
        seconds = time.perf_counter() - start
        ended.set()
        watcher.join()
    if code:
        raise RuntimeError(f"The run over {count} cases ended with {code}.")
    return {"cases": count, "seconds": seconds, "peak_rss_mb": peaks[:count]} | flatness(
        peaks[:count]
    )


def flatness(peaks: Sequence[float]) -> dict[str, float]:
    """Of the cases after the first ones, how much more the second half took than the first."""
    warm = list(peaks[min(WARM_CASES, len(peaks) // 2) :])
    half = max(1, len(warm) // 2)
    first, last = statistics.median(warm[:half]), statistics.median(warm[-half:])
    return {"first_half_mb": first, "second_half_mb": last, "growth": last / first - 1}


def _copies(case: Path, folder: Path, count: int) -> None:
    for number in range(count):
        copy = folder / f"P{number:03}"
        copy.mkdir(parents=True)
        for file in filter(Path.is_file, case.iterdir()):
            (copy / file.name).symlink_to(file.resolve())


def _read(case: Path) -> Any:
    from inference.io.case_reader import read_case
    from inference.io.cases.case_files import open_cases

    with open_cases([case]) as (files,):
        return read_case(files)


def _loaded(name: str) -> Any:
    from inference.network.engine import ready_for_inference
    from model_zoo.weights.loading import load_model

    model, origin = load_model(name)
    return ready_for_inference(model), origin


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "max": max(values)}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
