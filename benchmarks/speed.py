"""How long a case takes from files to label map, against the plain way in the same minute.

A shared machine is now fast and now slow, so the two ways take turns and what counts is the ratio
of their medians. Each model runs in a process of its own: its peak memory is its own too.
"""

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.arithmetic import matrix_rate, multiply_adds, recorded
from common.processor import processor_features
from inference.case import Case
from inference.case_report import total_seconds, versions
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import arithmetic_of, ready_for_inference, segment
from inference.network.segmentation import Segmentation
from model_zoo.graph_network import GraphNetwork
from model_zoo.weights.folder import AUTO
from model_zoo.weights.loading import load_model, load_network

# Cases before the first that counts, beside the very first: any core may have answered any size of
# slices by then.
_WARM = 3
PARTS = ("read", "preprocess", "predict", "postprocess", "total")


def measure_speed(
    case: Path, names: tuple[str, ...], *, repeats: int = 5, precision: str = AUTO
) -> dict:
    """Measure models one after the other on a case.

    Args:
        case: As the command line takes it.
        names: Models of the registry.
        repeats: How often our way is measured; the plain way, which is long, a third as often.
        precision: Of our way, see :func:`model_zoo.weights.loading.load_model`; the plain way is
        float32.

    Returns:
        ``{"machine", "features", "arithmetic", "case", "shape", "repeats", "versions", "models":
        {NAME: what :func:`measure_model` gives}}``; features are those of the processor that speed
        depends on (:func:`common.processor.processor_features`).

    Raises:
        InputError: if the case cannot be read.
        WeightsError: if a model has no weights.
    """
    from training.results import machine  # here, with PyTorch: it is no part of our memory

    opened, _ = _read(case)
    models = {}
    for name in names:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            models[name] = alone.submit(measure_model, case, name, repeats, precision).result()
    return {
        "machine": machine(),
        "features": list(processor_features()),
        "arithmetic": " and ".join(sorted({found["arithmetic"] for found in models.values()})),
        "case": opened.name,
        "shape": list(opened.shape),
        "repeats": repeats,
        "versions": versions(),
        "models": models,
    }


def measure_model(case: Path, name: str, repeats: int, precision: str = AUTO) -> dict:
    """Measure one model in this process.

    Returns:
        ``{"arithmetic", "seconds": {PART: {"median", "min", "max"}}, "first_predict_seconds",
        "plain_seconds", "ratio_to_plain", "floor_seconds", "arithmetic_limit":
        {"multiply_adds", "rate", "seconds", "share"}, "agreement": {REGION: Dice between both
        ways}, "peak_rss_mb"}``. The floor is reading the files, which no way of segmenting can do
        without, and the network's multiply-adds at the rate of large matrix products
        (:mod:`benchmarks.arithmetic`), both at their fastest; the share is what of the time to
        predict they are. Loading the model is in no figure. To predict the first case takes longer
        than the others: the network prepares for each size of slices. The peak is that of our way.
    """
    model = ready_for_inference(load_model(name, precision=precision)[0])
    assert isinstance(model, GraphNetwork)  # a graphics card is not what is measured here
    with recorded(model) as shown:
        warm, first = _ours(case, name, model)
    for _ in range(_WARM):
        _ours(case, name, model)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    from benchmarks.plain import share_alike  # here, with PyTorch: it is no part of the peak

    plain_model = load_network(name)[0]
    ours, plain, rates = [], [], []
    for turn in range(repeats):
        ours.append(_ours(case, name, model)[1])
        if turn % 3 == 0:
            labels, seconds = _plain(case, plain_model)
            plain.append(seconds)
            rates.append(matrix_rate(arithmetic_of(model)))
    totals = [seconds["total"] for seconds in ours]
    limit = _arithmetic_limit(multiply_adds(model, shown), max(rates), ours)
    return {
        "arithmetic": arithmetic_of(model),
        "seconds": {part: _described([seconds[part] for seconds in ours]) for part in PARTS},
        "first_predict_seconds": first["predict"],
        "plain_seconds": float(np.median(plain)),
        "ratio_to_plain": float(np.median(plain) / np.median(totals)),
        "floor_seconds": min(seconds["read"] for seconds in ours) + limit["seconds"],
        "arithmetic_limit": limit,
        "agreement": share_alike(warm.labels, labels),
        "peak_rss_mb": round(peak),
    }


def _arithmetic_limit(amount: int, rate: float, ours: list[dict[str, float]]) -> dict[str, float]:
    seconds = amount / rate
    share = seconds / float(np.median([each["predict"] for each in ours]))
    return {"multiply_adds": amount, "rate": rate, "seconds": seconds, "share": share}


def _ours(case: Path, name: str, model: object) -> tuple[Segmentation, dict[str, float]]:
    opened, read_seconds = _read(case)
    found = segment(opened, model, name=name)
    return found, total_seconds(found, read_seconds)


def _plain(case: Path, model: object) -> tuple[np.ndarray, float]:
    from benchmarks.plain import plain_labels

    (opened, read_seconds), started = _read(case), time.perf_counter()
    labels = plain_labels(opened, model)
    return labels, read_seconds + time.perf_counter() - started


def _read(case: Path) -> tuple[Case, float]:
    return _timed(lambda: _read_case(case))


def _read_case(path: Path) -> Case:
    with open_cases([path]) as found:
        return read_case(found[0])


def _timed(work: Callable[[], Case]) -> tuple[Case, float]:
    started = time.perf_counter()
    done = work()
    return done, time.perf_counter() - started


def _described(values: list[float]) -> dict[str, float]:
    return {"median": float(np.median(values)), "min": min(values), "max": max(values)}
