"""A folder of weights, read and verified without importing torch."""

import hashlib
import json
from pathlib import Path

from common.planes import AXIAL
from model_zoo.errors import DamagedWeightsError, WeightsError
from model_zoo.weights.provenance import EMBEDDED

CONFIG, TENSORS = "config.json", "model.safetensors"
# The int8 form (model_zoo/weights/quantised.py), under the names that the Hub's own tools give it,
# and the entry of config.json that describes it.
GRAPH, INTEGERS, INT8 = "openvino_model.xml", "openvino_model.bin", "int8"

FLOAT = "float"
# The tensors in a PyTorch network, whatever else could run them: for gradients.
PYTORCH = "pytorch"
# Whichever of them this machine runs faster (model_zoo/weights/fastest_form.py).
AUTO = "auto"
PRECISIONS = (AUTO, INT8, FLOAT)
PRECISION_HELP = (
    "int8 where a model has that form, or float; auto: whichever this machine runs faster, which "
    "is int8 where it has VNNI or AMX"
)


def read_config(place: Path, name: str) -> dict:
    """The ``config.json`` of a weights folder, checked for being that of ``name``.

    Raises:
        WeightsError: if a file is missing, or it is the folder of another model.
    """
    for part in (CONFIG, TENSORS):
        if not (place / part).is_file():
            raise WeightsError(
                f"The weights of {name} are missing: {shown(place)} has no {part}; "
                "fetch them with the repository or train them."
            )
    try:
        config = json.loads((place / CONFIG).read_text(encoding="utf-8"))
        entries = [config[key] for key in ("model", "sha256", "revision")]
        "".join(entries)  # all are texts
    except (ValueError, KeyError, TypeError) as error:
        file = shown(place / CONFIG)
        raise WeightsError(f"{file} is not the configuration of a model.") from error
    if entries[0] != name:
        raise WeightsError(f"{shown(place)} holds the weights of {entries[0]}, not of {name}.")
    return config


def verified_config(place: Path, name: str) -> dict:
    """:func:`read_config`, and the tensors' checksum is the one it promises.

    Raises:
        WeightsError: as :func:`read_config`; a ``DamagedWeightsError`` for the checksum.
    """
    config = read_config(place, name)
    _check(sha256(place / TENSORS), config["sha256"], place / TENSORS)
    return config


def promised_bytes(file: Path, checksum: str) -> bytes:
    """A file as a whole, whose checksum is the one promised.

    What is calculated with is what was checked, in memory or in a file of its own: one that is
    replaced, overwritten or cut off afterwards changes no answer, nor does it end a process that
    reads it bit by bit.

    Args:
        file: The file.
        checksum: Its SHA-256, in hexadecimal digits.

    Raises:
        DamagedWeightsError: if it is another.
        WeightsError: if the file cannot be read.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise WeightsError(
            f"{shown(file)} cannot be read ({error.strerror}); fetch it again."
        ) from error
    _check(hashlib.sha256(content).hexdigest(), checksum, file)
    return content


def _check(found: str, promised: str, file: Path) -> None:
    if found != promised:
        raise DamagedWeightsError(
            f"{shown(file)} is damaged: its checksum is {found[:12]}…, config.json states "
            f"{promised[:12]}…; fetch or train the weights again."
        )


def planes_learned(config: dict) -> tuple[str, ...]:
    """The planes whose slices weights have learned from; axial alone where none are given.

    Not in the registry: other weights of the same architecture may know others.
    """
    training = config.get("training") or {}
    return tuple(training.get("planes", [AXIAL]))


def sha256(file: Path) -> str:
    """The checksum of a file, in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def shown(path: Path) -> str:
    """A path as visitors of the app may read it: from the project down, where it lies there."""
    root = EMBEDDED.parents[1]
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def earlier_stages(config: dict) -> list[dict]:
    """The trainings that the one of a ``config.json`` continued, the first first."""
    stages: list[dict] = []
    stage = config.get("first_stage")
    while stage:
        stages.insert(0, stage)
        stage = stage.get("first_stage")
    return stages
