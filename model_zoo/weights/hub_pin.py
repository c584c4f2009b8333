"""Which weights of the Hugging Face Hub a model is configured to use."""

import os
import re
from dataclasses import dataclass
from typing import Final

from common.errors import InputError
from model_zoo.registry import contract
from model_zoo.weights.provenance import is_commit, short

_FORM: Final = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)@(?P<revision>[^\s@]+)")
# Names that move with every upload. Other branches are found out at the request to the Hub.
_MOVING: Final = ("main", "master", "head", "latest")
_WANTED: Final = "write namespace/repository@REVISION, with a commit hash of 40 characters or a tag"


@dataclass(frozen=True)
class HubPin:
    """One version of one repository.

    Args:
        repository: ``"namespace/name"``.
        revision: A full commit hash, or a tag.
    """

    repository: str
    revision: str

    @property
    def is_commit(self) -> bool:
        """Whether the revision is a full commit hash, which never moves."""
        return is_commit(self.revision)

    def __str__(self) -> str:
        return f"Hugging Face Hub {self.repository} at revision {short(self.revision)}"


def environment_variable(name: str) -> str:
    """The environment variable that pins the weights of the Hub a model uses."""
    return f"GLIOLENS_HUB_{name.upper()}"


def configured_pin(name: str, *, secret: str | None = None) -> HubPin | None:
    """The pin configured for a model: of the environment, else secrets, else registry.

    An empty text ends the search: the model then uses its embedded weights.

    Args:
        name: A name of the registry.
        secret: The entry of the app's secrets for it.

    Raises:
        InputError: if the first text there is does not pin a revision.
    """
    variable = environment_variable(name)
    places = {
        variable: os.environ.get(variable),
        f"{name} in section [hub] of the secrets": secret,
        f"hub of [{name}] in model_zoo/registry.toml": contract(name).hub,
    }
    for place, text in places.items():
        if text is not None:
            return parse_pin(text.strip(), place=place) if text.strip() else None
    return None


def parse_pin(text: str, *, place: str) -> HubPin:
    """Read ``namespace/repository@revision``.

    Args:
        text: The text.
        place: Where it stands, for the error.

    Raises:
        InputError: if the form is another, or the revision is one that moves.
    """
    found = _FORM.fullmatch(text)
    if not found:
        raise InputError(f"{place}: {text!r} names no pinned revision of a repository; {_WANTED}.")
    revision = found["revision"]
    if revision.lower() in _MOVING or revision.startswith("refs/"):
        raise InputError(
            f"{place}: {revision!r} moves with every upload, so that results would change without "
            f"a word; {_WANTED}."
        )
    return HubPin(found["repository"], revision)
