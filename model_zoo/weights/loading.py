"""A model's weights as a folder in the Hub's own form: found, verified, loaded.

``NAME/config.json`` (architecture, checksum, provenance), ``NAME/model.safetensors`` (float16),
``NAME/README.md`` (the model card) and, for some, the same weights in int8
(:mod:`model_zoo.weights.quantised`). Pickled weights are never read.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from common.planes import AXIAL, PLANES
from common.processor import has_graphics_card
from model_zoo.errors import DamagedWeightsError, UnsupportedFormError, WeightsError
from model_zoo.graph_network import GraphNetwork
from model_zoo.graphs import has_graph
from model_zoo.weights import hub
from model_zoo.weights.fastest_form import known_form, tried_form
from model_zoo.weights.float_graph import read_float
from model_zoo.weights.folder import (
    AUTO,
    CONFIG,
    FLOAT,
    INT8,
    PYTORCH,
    planes_learned,
    read_config,
    shown,
    verified_config,
)
from model_zoo.weights.hub_pin import HubPin, configured_pin
from model_zoo.weights.provenance import EMBEDDED, FROM_CACHE, FROM_EMBEDDED, FROM_HUB, Provenance
from model_zoo.weights.quantised import read_quantised

if TYPE_CHECKING:
    from model_zoo.segmenter import Segmenter

    Network = GraphNetwork | Segmenter

__all__ = ["DamagedWeightsError", "WeightsError", "load_model", "load_network", "read_config"]

_INSTEAD = {FROM_EMBEDDED: "The embedded weights are", FROM_CACHE: "The local cache is"}


def load_model(
    name: str, *, folder: Path | None = None, secret: str | None = None, precision: str = AUTO
) -> "tuple[Network, Provenance]":
    """A model with verified weights, ready for inference.

    They come from the pinned repository on the Hub if the configuration names one, else from its
    local cache, else from the embedded folder; the provenance reports which, and why.

    On a processor OpenVINO runs it; a graphics card is faster still, and left to PyTorch.

    Args:
        name: A name of the registry.
        folder: Read this folder and no other.
        secret: The entry of the app's secrets for the Hub
            (:func:`model_zoo.weights.hub_pin.configured_pin`).
        precision: ``"int8"`` for the int8 form where there is one and OpenVINO is there,
            otherwise and for ``"float"`` the tensors themselves; ``"auto"`` for whichever this
            machine runs faster.

    Raises:
        InputError: if the configuration pins no revision.
        WeightsError: if no source has weights whose checksum, name and tensors fit.
    """
    if folder is not None:
        return _load_folder(folder, name, str(folder), precision)
    if (pin := configured_pin(name, secret=secret)) is None:
        return _load_embedded(name, precision)
    return _load_from_hub(name, pin, precision)


def load_network(
    name: str, *, folder: Path | None = None, secret: str | None = None
) -> "tuple[Segmenter, Provenance]":
    """The PyTorch network of :func:`load_model`, which has parameters and gradients.

    Args:
        name: As of :func:`load_model`.
        folder: As of :func:`load_model`.
        secret: As of :func:`load_model`.

    Raises:
        InputError: as of :func:`load_model`.
        WeightsError: as of :func:`load_model`, and where PyTorch is not installed.
    """
    network, origin = load_model(name, folder=folder, secret=secret, precision=PYTORCH)
    assert not isinstance(network, GraphNetwork)
    return network, origin


def _load_from_hub(name: str, pin: HubPin, precision: str) -> "tuple[Network, Provenance]":
    found, reasons = _load_pinned(name, pin, precision)
    model, origin = found or _load_instead(name, pin, reasons, precision)
    return model, replace(origin, note=_note(origin, pin, reasons))


def _load_embedded(name: str, precision: str) -> "tuple[Network, Provenance]":
    return _load_folder(EMBEDDED / name, name, FROM_EMBEDDED, precision)


def _load_folder(
    folder: Path, name: str, source: str, precision: str
) -> "tuple[Network, Provenance]":
    model, config = _read(folder, name, precision)
    origin = Provenance(source, config["revision"], config["sha256"], folder=folder)
    return model, _with_precision(origin, model, config)


def _load_instead(
    name: str, pin: HubPin, reasons: list[str], precision: str
) -> "tuple[Network, Provenance]":
    try:
        return _load_embedded(name, precision)
    except WeightsError as error:
        raise WeightsError(f"{error} Nor could {pin} be used: {'; '.join(reasons)}.") from error


def _load_pinned(
    name: str, pin: HubPin, precision: str
) -> "tuple[tuple[Network, Provenance] | None, list[str]]":
    """The first way to a pin that gives usable weights, and why those before it did not."""
    reasons: list[str] = []
    for find in hub.sources(pin):
        try:
            if found := find(pin):
                return _load_found(name, pin, found, precision), reasons
        except WeightsError as error:
            reasons.append(str(error).rstrip("."))
    return None, reasons


def _load_found(
    name: str, pin: HubPin, found: hub.Found, precision: str
) -> "tuple[Network, Provenance]":
    try:
        model, config = _read(found.folder, name, precision)
    except (WeightsError, OSError) as error:
        if isinstance(error, DamagedWeightsError):
            hub.forget(found)
        # Visitors read this: no path of the server's cache.
        text = str(error).replace(f"{found.folder}/", "").replace(str(found.folder), "it")
        raise WeightsError(text) from error
    source = FROM_CACHE if found.from_cache else FROM_HUB
    origin = Provenance(
        source, found.commit, config["sha256"], repository=pin.repository, folder=found.folder
    )
    return model, _with_precision(origin, model, config)


def _with_precision(origin: Provenance, model: "Network", config: dict) -> Provenance:
    """The same with the form that was loaded, which is what will run."""
    if not isinstance(model, GraphNetwork):
        return replace(origin, precision=FLOAT)
    if model.arithmetic != INT8:
        return replace(origin, precision=FLOAT, runtime="OpenVINO")
    sums = config[INT8]["sha256"]
    return replace(origin, precision=INT8, runtime="OpenVINO", int8_sha256=sums)


def _note(origin: Provenance, pin: HubPin, reasons: list[str]) -> str | None:
    """Why the weights are not from where they should be; None where they are."""
    if not reasons or origin.source == FROM_HUB:
        return None
    return f"{_INSTEAD[origin.source]} used instead of {pin}: {'; '.join(dict.fromkeys(reasons))}."


def _read(folder: Path, name: str, precision: str) -> "tuple[Network, dict]":
    config = verified_config(folder, name)
    planes = _planes(config, folder)
    if precision == PYTORCH or not _runs_graphs(name):
        return _network(folder, config, name, planes), config
    quantised = partial(read_quantised, folder, config, name, planes)
    floats = partial(read_float, folder, config, name, planes)
    if precision == AUTO:
        return _faster(quantised, floats), config
    return (quantised() if precision == INT8 else None) or floats(), config


def _faster(
    quantised: Callable[[], GraphNetwork | None], floats: Callable[[], GraphNetwork]
) -> GraphNetwork:
    """The form that is faster here: floats where int8 is not there, or cannot be run."""
    form = known_form()
    if form == FLOAT:
        return floats()
    try:
        int8 = quantised()
    except UnsupportedFormError:
        return floats()
    if int8 is None:
        return floats()
    form = form or tried_form({INT8: lambda: int8, FLOAT: floats})
    return int8 if form == INT8 else floats()


def _runs_graphs(name: str) -> bool:
    """Whether OpenVINO is what runs it here: there is a graph of it, and no graphics card."""
    return has_graph(name) and find_spec("openvino") is not None and not has_graphics_card()


def _network(folder: Path, config: dict, name: str, planes: tuple[str, ...]) -> "Segmenter":
    if find_spec("torch") is None:
        raise WeightsError(
            f"PyTorch, which {name} has to be run by here, is not installed; "
            "install requirements.txt in place of requirements-serve.txt."
        )
    from model_zoo.weights.tensors import filled

    network = filled(name, folder, config["sha256"])
    network.planes = planes
    return network


def _planes(config: dict, folder: Path) -> tuple[str, ...]:
    planes = planes_learned(config)
    if AXIAL not in planes or not set(planes) <= PLANES.keys():
        raise WeightsError(
            f"{shown(folder / CONFIG)} names planes {list(planes)}; they are some of "
            f"{', '.join(PLANES)}, {AXIAL} among them."
        )
    return planes
