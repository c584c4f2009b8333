"""The loaded models, once for all visitors of the server."""

import gc
import threading
from functools import cache
from typing import TYPE_CHECKING

from model_zoo.provenance import Provenance

if TYPE_CHECKING:
    from model_zoo.segmenter import Segmenter

# `functools.cache` does not lock a first call: two visitors would load the same model twice.
_lock = threading.Lock()


def loaded_model(name: str) -> "tuple[Segmenter, Provenance]":
    """A model ready for inference; imports torch at the first call, not before.

    Raises:
        WeightsError: if its weights are missing or damaged. Not remembered: a repaired folder
            works without a restart.
    """
    with _lock:
        return _load(name)


@cache
def _load(name: str) -> "tuple[Segmenter, Provenance]":
    from inference.engine import ready_for_inference
    from model_zoo.weights import load_model

    model, origin = load_model(name)
    ready = ready_for_inference(model)
    # Streamlit collects garbage after every script run. With torch loaded that took a quarter of
    # a second each time, while a model was running; what is loaded for good need not be searched.
    gc.collect()
    gc.freeze()
    return ready, origin
