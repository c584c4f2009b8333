"""How answers and times differ between processors: ``python -m benchmarks processors``.

``ONEDNN_MAX_CPU_ISA`` has oneDNN, with which OpenVINO calculates, do without what this processor
has and others lack. Each form on each such processor is a process of its own, since OpenVINO can
end its process where it has no way to calculate a network; they answer in turn for each case, so
that times are compared within the same minute.

Where the processor has no VNNI, what one with VNNI would answer is compared too
(:mod:`benchmarks.exact_sums`).
"""

import os
import statistics
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import numpy as np

from benchmarks.exact_sums import sum_exactly
from common.processor import features_left_by, processor_features, usable_cores
from model_zoo.errors import UnsupportedFormError
from model_zoo.weights.folder import FLOAT, INT8

# What each is called, and the value of ONEDNN_MAX_CPU_ISA; the others are compared with the first.
OWN: Final = "as it is"
EXACT: Final = "with VNNI"
PROCESSORS: Final = {
    OWN: "DEFAULT",
    "AVX-512, VNNI, bfloat16": "AVX512_CORE_BF16",
    "AVX-512, VNNI": "AVX512_CORE_VNNI",
    "AVX-512 alone": "AVX512_CORE",
    "AVX2 alone": "AVX2",
    EXACT: "DEFAULT",
}
FORMS: Final = (INT8, FLOAT)
# NumPy looks for itself, and is told to do without what that processor has not either.
_NUMPY_WITHOUT: Final = {"AVX2": "X86_V4 AVX512_ICL AVX512_SPR"}
# How OpenVINO says, at its first work, that it has no way to calculate a layer on such a processor.
_NO_WAY: Final = "is not initialized"


class Answer(NamedTuple):
    """What a model says of a case on one processor.

    Args:
        labels: (X, Y, Z) of the case.
        tissue: How many voxels are no background.
        seconds: To predict.
        arithmetic: What it was calculated in.
    """

    labels: np.ndarray
    tissue: int
    seconds: float
    arithmetic: str


@dataclass(frozen=True)
class Comparison:
    """An answer beside the one of this machine as it is.

    Args:
        arithmetic: What it was calculated in.
        differs: The share of the voxels of the head that have another label.
        dice: The lowest of WT, TC and ET between both.
        time: To predict, as a multiple.
    """

    arithmetic: str
    differs: float
    dice: float
    time: float


def measure_processors(cases: Sequence[Path], names: Sequence[str]) -> dict[str, Any]:
    """Have models answer cases on all processors that this one can stand for.

    Args:
        cases: As the command line takes them.
        names: Models of the registry.

    Returns:
        ``machine``, ``features``, ``cores``, ``load`` (of the machine, at the end), ``cases`` and
        ``models``: by name, precision and processor what :func:`_summary` gives; None for a
        processor on which OpenVINO cannot run it, be it for one case alone.

    Raises:
        InputError: if a case cannot be read.
        WeightsError: if a model has no weights.
    """
    models = {name: _compared(cases, name) for name in names}
    from training.results import machine

    return {
        "machine": machine(),
        "features": list(processor_features()),
        "cores": usable_cores(),
        "load": os.getloadavg()[0],
        "cases": [case.name for case in cases],
        "models": models,
    }


def _compared(cases: Sequence[Path], name: str) -> dict[str, Any]:
    found: dict[tuple[str, str], list[Comparison]] = {}
    here = [(form, each) for form in FORMS for each in _stood_for(form)]
    with ExitStack() as stack:
        machines = {key: stack.enter_context(_machine(key[1])) for key in here}
        for case in cases:
            answers = {key: _asked(pool, case, name, *key) for key, pool in machines.items()}
            for key, comparison in _comparisons(answers).items():
                found.setdefault(key, []).append(comparison)
    every = {key: each for key, each in found.items() if len(each) == len(cases)}
    return {
        form: {each: _summary(every.get((form, each))) for each in _stood_for(form)}
        for form in FORMS
    }


def _stood_for(form: str) -> list[str]:
    """Those of ``PROCESSORS`` that this one can stand for, itself among them."""
    own = set(processor_features())
    with_less = {
        name
        for name, limit in PROCESSORS.items()
        if name != EXACT and features_left_by(limit) < own
    }
    exact = {EXACT} if form == INT8 and "VNNI" not in own else set()
    return [name for name in PROCESSORS if name in {OWN} | with_less | exact]


@contextmanager
def _machine(name: str) -> Iterator[ProcessPoolExecutor]:
    """A process that calculates as such a processor does."""
    limit = PROCESSORS[name]
    without = {"NPY_DISABLE_CPU_FEATURES": _NUMPY_WITHOUT[limit]} if limit in _NUMPY_WITHOUT else {}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        with patch.dict(os.environ, {"ONEDNN_MAX_CPU_ISA": limit} | without):
            # It begins with what the environment says now.
            pool.submit(sum_exactly if name == EXACT else os.getpid).result()
        yield pool


def _asked(
    pool: ProcessPoolExecutor, case: Path, name: str, form: str, processor: str
) -> Answer | None:
    """What a processor answers; None if OpenVINO cannot, or ended the process in trying."""
    try:
        return pool.submit(_answer_to, case, name, form).result()
    except BrokenProcessPool:
        if processor == OWN:
            raise
        return None


_loaded: dict[tuple[str, str], Any] = {}


def _answer_to(case: Path, name: str, form: str) -> Answer | None:
    """In a process of such a processor: its answer."""
    from inference.io.case_reader import read_case
    from inference.io.cases.case_files import open_cases
    from inference.network.preprocess import prepare

    with open_cases([case]) as (files,):
        opened = read_case(files)
    tissue, prepared = int(np.count_nonzero(opened.volume.any(axis=0))), prepare(opened)
    return _answer(name, form, prepared, opened.shape, tissue)


def _answer(name: str, form: str, prepared: Any, shape: Any, tissue: int) -> Answer | None:
    from inference.network.engine import segment_prepared
    from model_zoo.weights.loading import load_model

    try:
        if (name, form) not in _loaded:
            _loaded[name, form] = load_model(name, precision=form)[0]
        model = _loaded[name, form]
        found = segment_prepared(model, None, prepared, None, name=name, shape=shape)
    except UnsupportedFormError:
        return None
    except RuntimeError as error:
        if _NO_WAY not in str(error):
            raise
        return None
    return Answer(found.labels, tissue, found.seconds["predict"], model.arithmetic)


def _comparisons(
    answers: Mapping[tuple[str, str], Answer | None],
) -> dict[tuple[str, str], Comparison]:
    """Each answer, by precision and processor, with that of this machine as it is."""
    return {
        (form, each): _comparison(found, own)
        for (form, each), found in answers.items()
        if found is not None and (own := answers[form, OWN]) is not None
    }


def _comparison(found: Answer, own: Answer) -> Comparison:
    from inference.metrics import region_dice

    return Comparison(
        found.arithmetic,
        np.count_nonzero(found.labels != own.labels) / own.tissue,
        min(region_dice(found.labels, own.labels).values()),
        found.seconds / own.seconds,
    )


def _summary(found: list[Comparison] | None) -> dict[str, Any] | None:
    """``arithmetic``, ``differs`` (``mean``, ``max``), lowest ``dice``, median ``time``."""
    if not found:
        return None
    shares = [each.differs for each in found]
    return {
        "arithmetic": found[0].arithmetic,
        "differs": {"mean": statistics.fmean(shares), "max": max(shares)},
        "dice": min(each.dice for each in found),
        "time": statistics.median(each.time for each in found),
    }


def format_processors(results: Mapping[str, Any]) -> str:
    """A table of what was measured."""
    from model_zoo.registry import contract
    from training.results import markdown_table

    rows = [
        [contract(name).title, processor, form, *_cells(processor, each)]
        for name, forms in results["models"].items()
        for form, processors in forms.items()
        for processor, each in processors.items()
        if processor != OWN
    ]
    header = [
        *("Model", "Processor", "Form", "Arithmetic", "Time"),
        *("Voxels that differ (most)", "Lowest Dice"),
    ]
    return markdown_table(header, rows)


def _cells(processor: str, each: Mapping[str, Any] | None) -> list[str]:
    if each is None:
        return ["cannot be run so", "–", "–", "–"]
    differs = each["differs"]
    return [
        each["arithmetic"],
        "–" if processor == EXACT else f"{each['time']:.1f} ×",
        f"{100 * differs['mean']:.3f} % ({100 * differs['max']:.3f} %)",
        f"{each['dice']:.3f}",
    ]
