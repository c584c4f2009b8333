"""A model's weights as a folder in the Hub's own form: written, found, verified, loaded.

``NAME/config.json`` (architecture, checksum, provenance), ``NAME/model.safetensors`` (float16),
``NAME/README.md`` (the model card) and, for some, the same weights in int8
(:mod:`model_zoo.weights.quantised`). Pickled weights are never read.
"""

import json
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from common.planes import AXIAL, PLANES
from model_zoo.errors import DamagedWeightsError, WeightsError
from model_zoo.factory import create_model
from model_zoo.segmenter import Segmenter
from model_zoo.weights import hub
from model_zoo.weights.folder import (
    CONFIG,
    FLOAT,
    GRAPH,
    INT8,
    INTEGERS,
    TENSORS,
    planes_learned,
    read_config,
    sha256,
    shown,
    verified_config,
)
from model_zoo.weights.hub_pin import HubPin, configured_pin
from model_zoo.weights.provenance import EMBEDDED, FROM_CACHE, FROM_EMBEDDED, FROM_HUB, Provenance
from model_zoo.weights.quantised import QuantisedSegmenter, read_quantised

__all__ = ["DamagedWeightsError", "WeightsError", "load_model", "read_config", "save_weights"]

_INSTEAD = {FROM_EMBEDDED: "The embedded weights are", FROM_CACHE: "The local cache is"}


def load_model(
    name: str, *, folder: Path | None = None, secret: str | None = None, precision: str = INT8
) -> tuple[Segmenter, Provenance]:
    """Build a model and fill it with verified weights, ready for inference.

    They come from the pinned repository on the Hub if the configuration names one, else from its
    local cache, else from the embedded folder; the provenance reports which, and why.

    Args:
        name: A name of the registry.
        folder: Read this folder and no other.
        secret: The entry of the app's secrets for the Hub
        (:func:`model_zoo.weights.hub_pin.configured_pin`). precision: ``"int8"`` for the int8 form
        where there is one and it can be run, otherwise and
            for ``"float"`` the PyTorch network, which has parameters and gradients.

    Raises:
        InputError: if the configuration pins no revision.
        WeightsError: if no source has weights whose checksum, name and tensors fit.
    """
    if folder is not None:
        return _load_folder(folder, name, str(folder), precision)
    if (pin := configured_pin(name, secret=secret)) is None:
        return _load_embedded(name, precision)
    return _load_from_hub(name, pin, precision)


def _load_from_hub(name: str, pin: HubPin, precision: str) -> tuple[Segmenter, Provenance]:
    found, reasons = _load_pinned(name, pin, precision)
    model, origin = found or _load_instead(name, pin, reasons, precision)
    return model, replace(origin, note=_note(origin, pin, reasons))


def _load_embedded(name: str, precision: str) -> tuple[Segmenter, Provenance]:
    return _load_folder(EMBEDDED / name, name, FROM_EMBEDDED, precision)


def _load_folder(
    folder: Path, name: str, source: str, precision: str
) -> tuple[Segmenter, Provenance]:
    model, config = _read(folder, name, precision)
    origin = Provenance(source, config["revision"], config["sha256"], folder=folder)
    return model, _with_precision(origin, model, config)


def _load_instead(
    name: str, pin: HubPin, reasons: list[str], precision: str
) -> tuple[Segmenter, Provenance]:
    try:
        return _load_embedded(name, precision)
    except WeightsError as error:
        raise WeightsError(f"{error} Nor could {pin} be used: {'; '.join(reasons)}.") from error


def _load_pinned(
    name: str, pin: HubPin, precision: str
) -> tuple[tuple[Segmenter, Provenance] | None, list[str]]:
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
) -> tuple[Segmenter, Provenance]:
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


def _with_precision(origin: Provenance, model: Segmenter, config: dict) -> Provenance:
    """The same with the form that was loaded, which is what will run."""
    if not isinstance(model, QuantisedSegmenter):
        return replace(origin, precision=FLOAT)
    return replace(origin, precision=INT8, int8_sha256=config[INT8]["sha256"])


def _note(origin: Provenance, pin: HubPin, reasons: list[str]) -> str | None:
    """Why the weights are not from where they should be; None where they are."""
    if not reasons or origin.source == FROM_HUB:
        return None
    return f"{_INSTEAD[origin.source]} used instead of {pin}: {'; '.join(dict.fromkeys(reasons))}."


def _read(folder: Path, name: str, precision: str) -> tuple[Segmenter, dict]:
    config = verified_config(folder, name)
    quantised = read_quantised(folder, config, name) if precision == INT8 else None
    model = quantised or _filled(create_model(name), folder / TENSORS, name)
    model.planes = _planes(config, folder)
    return model, config


def _planes(config: dict, folder: Path) -> tuple[str, ...]:
    planes = planes_learned(config)
    if AXIAL not in planes or not set(planes) <= PLANES.keys():
        raise WeightsError(
            f"{shown(folder / CONFIG)} names planes {list(planes)}; they are some of "
            f"{', '.join(PLANES)}, {AXIAL} among them."
        )
    return planes


def _filled(model: Segmenter, tensors: Path, name: str) -> Segmenter:
    try:
        model.load_state_dict(load_file(tensors))  # strict; float16 is widened on copy
    except (RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{shown(tensors)} does not fit the architecture of {name}.") from error
    return model.eval()


def save_weights(
    model: Segmenter, place: Path, *, name: str, revision: str, **facts: object
) -> str:
    """Write ``config.json`` and ``model.safetensors`` (float16) and return the checksum.

    Args:
        model: The network, on any device.
        place: The folder, made if need be.
        name: Its name in the registry.
        revision: What to call this version.
        facts: More entries for ``config.json``: training, versions, results.
    """
    place.mkdir(parents=True, exist_ok=True)
    tensors = {key: _half(value) for key, value in model.state_dict().items()}
    save_file(tensors, place / TENSORS, metadata={"format": "pt"})
    checksum = sha256(place / TENSORS)
    config = {"model": name, "revision": revision, "sha256": checksum, **facts}
    (place / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    for other in (GRAPH, INTEGERS):  # made of the weights that were there before
        (place / other).unlink(missing_ok=True)
    return checksum


def _half(tensor: torch.Tensor) -> torch.Tensor:
    half = tensor.half() if tensor.is_floating_point() else tensor
    return half.cpu().contiguous()
