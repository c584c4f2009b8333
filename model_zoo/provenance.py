"""Where weights came from; readable without importing torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

# The weights that come with the project, a folder a model.
EMBEDDED: Final = Path(__file__).parents[1] / "assets" / "weights"


@dataclass(frozen=True)
class Provenance:
    """Where loaded weights came from.

    Args:
        source: ``"embedded"``, or the folder they were read from.
        revision: What the training run calls this version.
        sha256: Checksum of the safetensors file.
    """

    source: str
    revision: str
    sha256: str
