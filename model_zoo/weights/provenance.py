"""Where weights came from; readable without importing torch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

# The weights that come with the project, a folder a model.
EMBEDDED: Final = Path(__file__).parents[2] / "assets" / "weights"

FROM_EMBEDDED, FROM_HUB, FROM_CACHE = "embedded", "hub", "hub cache"


@dataclass(frozen=True)
class Provenance:
    """Where loaded weights came from.

    Args:
        source: ``"embedded"``, ``"hub"``, ``"hub cache"``, or the folder they were read from.
        revision: What the training run calls this version; of the Hub, the full commit hash.
        sha256: Checksum of the safetensors file.
        repository: ``"namespace/name"`` on the Hub.
        note: One sentence on why it is not the configured source.
        folder: Where the files are, for what else they hold.
        precision: ``"int8"`` or ``"float"``, see :func:`model_zoo.weights.loading.load_model`.
        int8_sha256: Of the int8 form, the checksum of each file by its name; None where the
            safetensors file itself was run.
        runtime: What runs it: ``"OpenVINO"`` or ``"PyTorch"``.
    """

    source: str
    revision: str
    sha256: str
    repository: str | None = None
    note: str | None = None
    folder: Path | None = None
    precision: str = "float"
    int8_sha256: Mapping[str, str] | None = field(default=None, hash=False)
    runtime: str = "PyTorch"

    @property
    def described(self) -> str:
        """The source in words, for the screen."""
        if self.repository:
            cached = ", from the local cache" if self.source == FROM_CACHE else ""
            return f"Hugging Face Hub {self.repository} at revision {short(self.revision)}{cached}"
        kind = "Embedded weights" if self.source == FROM_EMBEDDED else f"Weights in {self.source}"
        return f"{kind}, revision {short(self.revision)}"

    @property
    def ran(self) -> str:
        """What did the arithmetic; a graph with its own checksums, as the tensors did not run."""
        if self.int8_sha256 is None:
            return f"run as float by {self.runtime}"
        sums = [
            f"{Path(file).suffix[1:]} {digits[:12]}" for file, digits in self.int8_sha256.items()
        ]
        return f"run as int8 by OpenVINO, checksums {', '.join(sums)}"

    def report(self) -> dict[str, str | Mapping[str, str] | None]:
        """For JSON: where from, the checksums, the precision, what ran it and, if any, ``note``."""
        source = f"{self.source} {self.repository}" if self.repository else self.source
        facts: dict[str, str | Mapping[str, str] | None] = {
            "source": source,
            "revision": self.revision,
            "sha256": self.sha256,
            "precision": self.precision,
            "int8_sha256": self.int8_sha256,
            "runtime": self.runtime,
        }
        if self.note:
            facts["note"] = self.note
        return facts


def short(revision: str) -> str:
    """A commit hash as people write it; a tag as it is."""
    return revision[:7] if is_commit(revision) else revision


def is_commit(revision: str) -> bool:
    """Whether this is a full commit hash, which can never come to mean something else."""
    return len(revision) == 40 and not set(revision) - set("0123456789abcdef")
