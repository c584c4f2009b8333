"""Where weights came from; readable without importing torch."""

from dataclasses import dataclass


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
