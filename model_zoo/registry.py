"""The models there are, and the contract of each, readable without importing torch."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

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
            ``inference.network.preprocess.normalise``.
        needs_volume: Whether one slice alone is not enough for it.
        summary: One sentence on the architecture.
        with_skull: Whether it learned from heads with their skulls, not from brains alone.
        options: What the architecture is built with besides its channels.
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
    options: dict = field(default_factory=dict, hash=False)
    hub: str | None = None


@cache
def registry() -> dict[str, ModelContract]:
    """Every model's contract by name, in the order of the file.

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
    if name not in registry():
        raise KeyError(f"There is no model {name!r}; the models are {', '.join(registry())}.")
    return registry()[name]


def _tuples(entry: dict) -> dict:
    return {key: _frozen(value) for key, value in entry.items()}


def _frozen(value: object) -> object:
    if isinstance(value, dict):
        return _tuples(value)
    return tuple(value) if isinstance(value, list) else value
