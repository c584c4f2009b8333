"""A model's weights as a folder in the Hub's own form: written, found, verified, loaded.

``NAME/config.json`` (architecture, checksum, provenance), ``NAME/model.safetensors`` (float16),
``NAME/README.md`` (the model card). Pickled weights are never read.
"""

import hashlib
import json
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from model_zoo.factory import create_model
from model_zoo.provenance import EMBEDDED, Provenance
from model_zoo.segmenter import Segmenter

_CONFIG, _TENSORS = "config.json", "model.safetensors"


class WeightsError(Exception):
    """Weights that are missing, damaged or of another model; the text is shown as it stands."""


def load_model(name: str, *, folder: Path | None = None) -> tuple[Segmenter, Provenance]:
    """Build a model and fill it with verified weights, ready for inference.

    Args:
        name: A name of the registry.
        folder: Another folder than the embedded one.

    Raises:
        WeightsError: if the folder is missing or incomplete, or the checksum, the name or the
            tensors do not fit.
    """
    place = folder or EMBEDDED / name
    config = read_config(place, name)
    tensors = place / _TENSORS
    checksum = _sha256(tensors)
    if checksum != config["sha256"]:
        raise WeightsError(
            f"{_shown(tensors)} is damaged: its checksum is {checksum[:12]}…, config.json says "
            f"{config['sha256'][:12]}…; fetch or train the weights again."
        )
    model = create_model(name)
    try:
        model.load_state_dict(load_file(tensors))  # strict; float16 is widened on copy
    except (RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{_shown(tensors)} does not fit the architecture of {name}.") from error
    source = "embedded" if folder is None else str(folder)
    return model.eval(), Provenance(source, config["revision"], checksum)


def read_config(place: Path, name: str) -> dict:
    """The ``config.json`` of a weights folder, checked for being that of ``name``."""
    for part in (_CONFIG, _TENSORS):
        if not (place / part).is_file():
            raise WeightsError(
                f"The weights of {name} are missing: {_shown(place)} has no {part}; "
                "fetch them with the repository or train them."
            )
    try:
        config = json.loads((place / _CONFIG).read_text(encoding="utf-8"))
        found = config["model"], config["sha256"], config["revision"]
    except (ValueError, KeyError, TypeError) as error:
        file = _shown(place / _CONFIG)
        raise WeightsError(f"{file} is not the configuration of a model.") from error
    if found[0] != name:
        raise WeightsError(f"{_shown(place)} holds the weights of {found[0]}, not of {name}.")
    return config


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
    save_file(tensors, place / _TENSORS, metadata={"format": "pt"})
    checksum = _sha256(place / _TENSORS)
    config = {"model": name, "revision": revision, "sha256": checksum, **facts}
    (place / _CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return checksum


def _half(tensor: torch.Tensor) -> torch.Tensor:
    half = tensor.half() if tensor.is_floating_point() else tensor
    return half.cpu().contiguous()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _shown(path: Path) -> str:
    """A path as visitors of the app may read it: from the project down, where it lies there."""
    root = EMBEDDED.parents[1]
    return str(path.relative_to(root) if path.is_relative_to(root) else path)
