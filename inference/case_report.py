"""The numbers of one case, as the JSON of the command line."""

import platform
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from common.processor import processor_features
from inference.case import Case
from inference.network.segmentation import Segmentation

_VERSIONS_OF = ("torch", "openvino", "numpy", "nibabel", "segmentation-models-pytorch")


def case_report(case: Case, segmentations: dict[str, Segmentation], *, read_seconds: float) -> dict:
    """Volumes, Dice, times and provenance of every segmentation of a case.

    Args:
        case: The scan.
        segmentations: By name, the consensus among them.
        read_seconds: What reading the files took; part of every model's total.
    """
    return {
        "case": case.name,
        "models": {
            name: _model_report(case, segmentation, read_seconds)
            for name, segmentation in segmentations.items()
        },
        "versions": versions(),
        "processor": list(processor_features()),
    }


def versions() -> dict[str, str]:
    """The versions of what a result depends on."""
    found = {name: version(name) for name in _VERSIONS_OF if find_spec(name.replace("-", "_"))}
    return found | {"python": platform.python_version()}


def _model_report(case: Case, segmentation: Segmentation, read_seconds: float) -> dict:
    return {
        "seconds": total_seconds(segmentation, read_seconds),
        "volume_ml": segmentation.volume_ml(case),
        "dice": segmentation.dice(case),
        "weights": _provenance(segmentation),
    }


def total_seconds(segmentation: Segmentation, read_seconds: float) -> dict[str, float]:
    """Time in seconds by part, from files to label map, and its total."""
    parts = {"read": read_seconds, "preprocess": 0.0, "predict": 0.0, "postprocess": 0.0}
    parts |= segmentation.seconds
    return parts | {"total": sum(parts.values())}


def _provenance(segmentation: Segmentation) -> dict[str, Any]:
    if segmentation.weights is None:
        return {"source": "mean of the models' region probabilities"} | dict.fromkeys(
            ("revision", "sha256", "precision", "int8_sha256", "runtime")
        )
    return segmentation.weights.report()
