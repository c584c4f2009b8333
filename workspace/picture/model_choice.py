"""Which models can read a picture, and which one to begin with."""

from dataclasses import dataclass

from common.vocabulary import MODALITY_NAMES
from inference.io.image_warnings import skull_note
from model_zoo.registry import ModelContract, registry
from model_zoo.weights.folder import TENSORS
from model_zoo.weights.hub_pin import configured_pin
from model_zoo.weights.provenance import EMBEDDED
from workspace.models.hub_secrets import hub_secret
from workspace.open_case import OpenCase


@dataclass(frozen=True)
class Choices:
    """The models for a picture.

    Args:
        usable: Those that can read it, by name.
        refused: For each of the others its title and why not.
    """

    usable: dict[str, ModelContract]
    refused: dict[str, str]


def is_picture(opened: OpenCase) -> bool:
    """Whether the open case came as pictures, which do not say how large a pixel is."""
    return not opened.case.voxel_size_known


def choices(present: tuple[str, ...]) -> Choices:
    """The models of the registry that can read a slice of these modalities."""
    usable, refused = {}, {}
    for name, contract in registry().items():
        reason = _why_not(contract, present)
        if reason:
            refused[contract.title] = reason
        else:
            usable[name] = contract
    return Choices(usable, refused)


def first_choice(opened: OpenCase, usable: dict[str, ModelContract]) -> str:
    """The model to begin with: of a head with its skull one that learned from such, if it sees all
    that it reads; else the first."""
    present = set(opened.case.present)
    fitting = [
        name
        for name, contract in usable.items()
        if contract.with_skull and present.issuperset(contract.modalities)
    ]
    return next(iter(fitting if has_skull(opened) and fitting else usable))


def has_skull(opened: OpenCase) -> bool:
    """Whether the open case looks like a head with its skull."""
    return skull_note(opened.case.notes)


def _why_not(contract: ModelContract, present: tuple[str, ...]) -> str:
    if contract.needs_volume:
        return "needs a whole scan"
    if not set(contract.modalities) & set(present):
        read = ", ".join(MODALITY_NAMES[modality] for modality in contract.modalities)
        return f"reads {read} only, which is not here"
    if not _has_weights(contract.name):
        return "has no weights on this server"
    return ""


def _has_weights(name: str) -> bool:
    if (EMBEDDED / name / TENSORS).is_file():
        return True
    return configured_pin(name, secret=hub_secret(name)) is not None


def shown_to(contract: ModelContract, present: tuple[str, ...]) -> tuple[str, ...]:
    """The modalities of a picture that a model reads."""
    return tuple(modality for modality in present if modality in contract.modalities)
