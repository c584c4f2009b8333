"""Whether a processor runs int8 or floats faster: by what it has, else by a short trial.

Where VNNI or AMX multiply eight-bit integers, int8 is two to three times as fast as any float. On
other processors it depends, and is tried for half a second, once a machine: what was found is kept
in the user's cache folder, if that can be written.
"""

import contextlib
import json
import math
import os
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from common.disk_errors import is_of_memory
from common.processor import processor_features, processor_name, usable_cores
from model_zoo.graph_network import GraphNetwork
from model_zoo.weights.folder import FLOAT, INT8

_FAST_INTEGERS: Final = {"VNNI", "AMX"}
# Slices through the middle of a brain; one a core.
_SIZE: Final = (192, 160)
_TRIAL_SECONDS: Final = 0.25
# Of this process, for where the folder cannot be written.
_found: dict[str, str] = {}


def known_form() -> str | None:
    """``"int8"`` or ``"float"``, whichever is faster here; None where it has to be tried."""
    if _FAST_INTEGERS & set(processor_features()):
        return INT8
    with contextlib.suppress(OSError, TypeError, ValueError):
        _found.update(json.loads(_cache().read_text(encoding="utf-8")))
    form = _found.get(_machine())
    return form if form in (INT8, FLOAT) else None


def tried_form(load: Mapping[str, Callable[[], GraphNetwork]]) -> str:
    """Try which form of a model is faster, and remember it.

    Args:
        load: By form, ``"int8"`` and ``"float"``: gives the network.
    """
    seconds = {form: _seconds_or_never(make()) for form, make in load.items()}
    _found[_machine()] = form = min(seconds, key=lambda each: seconds[each])
    with contextlib.suppress(OSError):
        _cache().parent.mkdir(parents=True, exist_ok=True)
        _cache().write_text(json.dumps(_found, indent=2) + "\n", encoding="utf-8")
    return form


def _seconds_or_never(network: GraphNetwork) -> float:
    try:
        return _seconds(network)
    except RuntimeError as error:  # OpenVINO knows no way to calculate it on this processor
        if is_of_memory(error):
            raise
        return math.inf


def _seconds(network: GraphNetwork) -> float:
    """The fastest of some batches; the first prepares for their size and does not count."""
    channels = len(network.modalities) * len(network.neighbours)
    slices = np.ones((usable_cores(), channels, *_SIZE), np.float32)
    network(slices)
    taken: list[float] = []
    start = time.perf_counter()
    while not taken or time.perf_counter() - start < _TRIAL_SECONDS:
        before = time.perf_counter()
        network(slices)
        taken.append(time.perf_counter() - before)
    return min(taken)


def _machine() -> str:
    """What the answer depends on."""
    features = " ".join(processor_features())
    return f"{processor_name()}, {features}, OpenVINO {version('openvino')}"


def _cache() -> Path:
    # Asked for here, since a home that nobody has is an error.
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "gliolens" / "fastest_form.json"
