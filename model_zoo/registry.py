"""The models there are, and the contract of each, readable without importing torch."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from common.vocabulary import CONSENSUS

_REGISTRY = Path(__file__).with_name("registry.toml")

# What "all" means on the command line and what the compare page opens with: the architectures
# that share data, channels and training. Models of another kind are asked for by name.
ALL_MODELS = ("unet", "resnet_unet", "transunet")


@dataclass(frozen=True)
class ModelContract:
    """What a model reads and answers.

    Args:
        name: The key in the registry, on the command line and in files.
        title: What a person reads.
        architecture: ``"module:Class"`` of the network.
        modalities: The channels it reads, in order.
        neighbours: Offsets, in slices, of the slices it reads at once: ``[0]`` for one alone.
        regions: The channels it answers, in order.
        size: (height, width) in pixels it works at, or ``"any"``.
        normalisation: How its slices are normalised; ``"brain_z_score"`` is
            ``inference.network.preprocess.normalise``, ``"tissue_mean"`` is
            ``inference.preparation.brain.heads.normalise_head``.
        needs_volume: Whether one slice alone is not enough for it.
        summary: One sentence on the architecture.
        with_skull: Whether it learned from heads with their skulls, not from brains alone.
        options: What the architecture is built with besides its channels.
        dimensions: 2 for slices, 3 for volumes.
        hub: Weights on the Hub, ``"namespace/repository@revision"``, if not the embedded ones.
    """

    name: str
    title: str
    architecture: str
    modalities: tuple[str, ...]
    neighbours: tuple[int, ...]
    regions: tuple[str, ...]
    size: tuple[int, int] | str
    normalisation: str
    needs_volume: bool
    summary: str
    with_skull: bool = False
    dimensions: int = 2
    options: dict = field(default_factory=dict, hash=False)
    hub: str | None = None


@cache
def registry() -> dict[str, ModelContract]:
    """The contract of every model that finds a tumour, by name, in the order of the file."""
    return {name: model for name, model in every_model().items() if model.dimensions == 2}


@cache
def every_model() -> dict[str, ModelContract]:
    """Every model's contract by name, those among them that prepare images for the others.

    Raises:
        TypeError: if an entry lacks a field or has one too many.
    """
    entries = tomllib.loads(_REGISTRY.read_text(encoding="utf-8"))
    return {name: ModelContract(name=name, **_tuples(entry)) for name, entry in entries.items()}


def contract(name: str) -> ModelContract:
    """The contract of one model.

    Raises:
        KeyError: for an unknown name; lists the known ones.
    """
    if name not in every_model():
        raise KeyError(f"There is no model {name!r}; the models are {', '.join(every_model())}.")
    return every_model()[name]


def title_of(name: str) -> str:
    """What a person reads of a model, or of the consensus.

    Raises:
        KeyError: as of :func:`contract`.
    """
    return name.capitalize() if name == CONSENSUS else contract(name).title


def _tuples(entry: dict) -> dict:
    return {key: _frozen(value) for key, value in entry.items()}


def _frozen(value: object) -> object:
    if isinstance(value, dict):
        return _tuples(value)
    return tuple(value) if isinstance(value, list) else value
