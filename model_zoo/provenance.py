"""Where weights came from; readable without importing torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

# The weights that come with the project, a folder a model.
EMBEDDED: Final = Path(__file__).parents[1] / "assets" / "weights"

FROM_EMBEDDED, FROM_HUB, FROM_CACHE = "embedded", "hub", "hub cache"


@dataclass(frozen=True)
class Provenance:
    """Where loaded weights came from.

    Args:
        source: ``"embedded"``, ``"hub"``, ``"hub cache"``, or the folder they were read from.
        revision: What the training run calls this version; of the Hub, the full commit hash.
        sha256: Checksum of the safetensors file.
        repository: ``"namespace/name"`` on the Hub.
        note: One sentence on why it is not the source that was asked for.
        folder: Where the files are, for what else they tell.
        precision: ``"int8"`` or ``"float"``, see :func:`model_zoo.weights.load_model`.
    """

    source: str
    revision: str
    sha256: str
    repository: str | None = None
    note: str | None = None
    folder: Path | None = None
    precision: str = "float"

    @property
    def described(self) -> str:
        """The source as the screen says it."""
        if self.repository:
            cached = ", from the local cache" if self.source == FROM_CACHE else ""
            return f"Hugging Face Hub {self.repository} at revision {short(self.revision)}{cached}"
        kind = "Embedded weights" if self.source == FROM_EMBEDDED else f"Weights in {self.source}"
        return f"{kind}, revision {short(self.revision)}"

    def report(self) -> dict[str, str]:
        """``source``, ``revision``, ``sha256``, ``precision`` and, if any, ``note``, for JSON."""
        source = f"{self.source} {self.repository}" if self.repository else self.source
        told = {"source": source, "revision": self.revision, "sha256": self.sha256}
        told |= {"precision": self.precision}
        return told | ({"note": self.note} if self.note else {})


def short(revision: str) -> str:
    """A commit hash as people write it; a tag as it is."""
    return revision[:7] if is_commit(revision) else revision


def is_commit(revision: str) -> bool:
    """Whether this is a full commit hash, which can never come to mean something else."""
    return len(revision) == 40 and not set(revision) - set("0123456789abcdef")
