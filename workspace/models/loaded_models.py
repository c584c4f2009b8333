"""The loaded models, once for all visitors of the server."""

import contextlib
import gc
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from common.free_memory import overwrite_free_memory
from common.memory import trim_heap
from model_zoo.errors import WeightsError
from model_zoo.registry import contract
from model_zoo.weights.folder import AUTO
from model_zoo.weights.hub_pin import HubPin, configured_pin
from model_zoo.weights.provenance import Provenance
from workspace.models.hub_secrets import hub_secret

if TYPE_CHECKING:
    from model_zoo.weights.loading import Network

# Two visitors would load the same model twice.
_lock = threading.Lock()
# How the last attempt at each model ended, for pages that only report it.
_outcomes: dict[str, Provenance | Exception] = {}
# By name and precision.
_held: "dict[tuple[str, str], tuple[Network, Provenance]]" = {}


def loaded_model(name: str, *, precision: str = AUTO) -> "tuple[Network, Provenance]":
    """A model ready for inference.

    Args:
        name: Of the registry.
        precision: See :func:`model_zoo.weights.loading.load_model`; ``"pytorch"`` for gradients.

    Raises:
        InputError: if the configuration of the Hub is wrong.
        WeightsError: if its weights are missing or damaged. Not remembered: a repaired folder
            works without a restart, and so do weights that were replaced while it ran.
    """
    with _lock:
        try:
            loaded = _awake(name, precision) or _load(name, precision)
        except Exception as error:
            _outcomes[name] = error
            raise
        _outcomes[name] = loaded[1]
        return loaded


def loading_outcome(name: str) -> Provenance | Exception | None:
    """Where the weights of a model came from, or why there are none; None before it was loaded."""
    return _outcomes.get(name)


def source_lines(origins: Iterable[tuple[str, Provenance | None]]) -> list[str]:
    """A line a model whose weights are not simply the embedded ones: where from, and why.

    Args:
        origins: Names of the registry and where their weights came from; None has none.
    """
    known = [(name, origin) for name, origin in origins if origin is not None]
    return [
        f"{contract(name).title}: {origin.note or f'weights from {origin.described}.'}"
        for name, origin in known
        if origin.note or origin.repository
    ]


def pinned_on_hub(name: str) -> HubPin | None:
    """The weights on the Hub that the configuration of this server asks for.

    Raises:
        InputError: if it does not pin a revision.
    """
    return configured_pin(name, secret=hub_secret(name))


def _awake(name: str, precision: str) -> "tuple[Network, Provenance] | None":
    """A model that is loaded; None where there is none, or its files have been replaced since."""
    held = _held.get((name, precision))
    if held is None:
        return None
    try:
        held[0].wake()
    except WeightsError:  # what is there now has a name and a checksum of its own
        del _held[name, precision]
        return None
    return held


def _load(name: str, precision: str) -> "tuple[Network, Provenance]":
    from inference.network.engine import ready_for_inference
    from model_zoo.weights.loading import load_model

    model, origin = load_model(name, secret=hub_secret(name), precision=precision)
    loaded = _held[name, precision] = ready_for_inference(model), origin
    # Streamlit collects garbage after every script run. With torch loaded that took a quarter of
    # a second each time, while a model was running; what is loaded for good need not be searched.
    gc.collect()
    gc.freeze()
    return loaded


def free_garbage() -> None:
    """Free and overwrite what nothing refers to, even if it was there when a model was loaded.

    What :func:`_load` has frozen is never searched: the session of whoever was there then, and
    with it the scan, would stay for good.
    """
    gc.unfreeze()
    gc.collect()
    if _held:
        gc.freeze()
    overwrite_free_memory()


def rest_models() -> None:
    """Have the loaded models give back what a scan made them take, and the heap what is free.

    That is a third of what the server holds after a scan. It takes a second, in which nobody waits.
    """
    for model, _ in list(_held.values()):
        model.rest(for_long=True)
        with contextlib.suppress(WeightsError):  # replaced: whoever asks next has it loaded anew
            model.wake()
    trim_heap()
