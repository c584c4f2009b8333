"""What stands in the panels: a name, a colour, a label map and a few numbers each."""

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from common.vocabulary import REGIONS
from viewer.parcel import bounding_box, crop, pack, read_header

STATUSES: Final = ("waiting", "running", "done", "failed", "cancelled")

# A tumour's box of 0.5 M voxels becomes 20 KB in 5 ms; level 9 saves 3 KB and takes 60 ms.
DEFLATE_LEVEL: Final = 6


@dataclass(frozen=True)
class QuickLook:
    """What someone quicker draws, for panels that have nothing of their own yet.

    Args:
        name: Who draws it.
        labels: From :func:`labels_payload`.
    """

    name: str
    labels: bytes


# eq=False: comparing two panels would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class Panel:
    """One panel of the compare view.

    Args:
        key: Unique among the panels; the browser recognises a panel by it after a rerun.
        name: What stands under the picture.
        colour: The colour of this panel in every chart, as ``#RRGGBB``.
        labels: (X, Y, Z) uint8 label map; None while there is none, or for a plain image.
        volume_ml: Volume of the regions in ml.
        dice: Dice of the regions against the truth, None without a truth.
        seconds: How long it took.
        status: One of ``STATUSES``.
        progress: 0 to 1, while running.
        message: A short text for the second line: what runs, or why it failed.
        reference: Whether this is the truth, which the others are held against.
        derived: Whether it was made from the others, and has no vote in where they disagree.
        probability: From :func:`viewer.probability_payload`, if the panel has probabilities.
        regions: The regions that ``labels`` says something of.
        quick_look: Drawn in outline, under its own name, while this panel has no ``labels``.
    """

    key: str
    name: str
    colour: str
    labels: np.ndarray | None = None
    volume_ml: Mapping[str, float] | None = None
    dice: Mapping[str, float] | None = None
    seconds: float | None = None
    status: str = "done"
    progress: float = 0.0
    message: str = ""
    reference: bool = False
    derived: bool = False
    probability: bytes | None = None
    regions: tuple[str, ...] = REGIONS
    quick_look: QuickLook | None = None

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"panel {self.key!r} has status {self.status!r}, not {STATUSES}")
        if self.labels is not None and (self.labels.ndim != 3 or self.labels.dtype != np.uint8):
            raise ValueError(
                f"panel {self.key!r} has labels {self.labels.dtype} {self.labels.shape}, "
                "expected uint8 (X, Y, Z)"
            )
        if self.quick_look is not None and self.labels is not None:
            raise ValueError(f"panel {self.key!r} has labels of its own, so no quick look")


def panels_payload(panels: Sequence[Panel]) -> bytes:
    """Pack the panels for :func:`viewer.compare_view`.

    Each label map is a parcel of its own inside: the browser gets a map once, however often
    the progress of another panel changes.

    Raises:
        ValueError: Two panels have the same key.
    """
    keys = [panel.key for panel in panels]
    if len(set(keys)) < len(keys):
        raise ValueError(f"panel keys must be unique, got {keys}")
    maps = [None if panel.labels is None else labels_payload(panel.labels) for panel in panels]
    described = [_describe(panel, parcel) for panel, parcel in zip(panels, maps, strict=True)]
    quick_looks = [panel.quick_look and panel.quick_look.labels for panel in panels]
    probabilities = [panel.probability for panel in panels]
    # Two panels may hold the same map: it travels once.
    blobs = list(
        dict.fromkeys(parcel for parcel in [*maps, *quick_looks, *probabilities] if parcel)
    )
    return pack({"kind": "panels", "panels": described}, blobs)


def labels_payload(labels: np.ndarray) -> bytes:
    """Pack an (X, Y, Z) uint8 label map as a parcel."""
    # Its own box rather than the scan's: smaller, and a label outside the brain is not lost.
    box = bounding_box(labels != 0) or ((0, 0),) * 3
    blob = zlib.compress(crop(labels, box).tobytes(), DEFLATE_LEVEL)
    return pack({"kind": "labels", "shape": list(labels.shape), "box": box}, [blob])


def _describe(panel: Panel, parcel: bytes | None) -> dict[str, Any]:
    return {
        "key": panel.key,
        "name": panel.name,
        "colour": panel.colour,
        "labels": _hash(parcel),
        "probability": _hash(panel.probability),
        "volume_ml": _regions(panel.volume_ml),
        "dice": _regions(panel.dice),
        "seconds": _finite(panel.seconds),
        "status": panel.status,
        "progress": _finite(panel.progress) or 0.0,
        "message": panel.message,
        "reference": panel.reference,
        "derived": panel.derived,
        "known": list(panel.regions),
        "quickLook": _describe_quick_look(panel.quick_look),
    }


def _describe_quick_look(found: QuickLook | None) -> dict[str, Any] | None:
    return None if found is None else {"name": found.name, "labels": _hash(found.labels)}


def _hash(parcel: bytes | None) -> str | None:
    return None if parcel is None else read_header(parcel)["hash"]


def _regions(values: Mapping[str, float] | None) -> dict[str, float | None] | None:
    return None if values is None else {name: _finite(values.get(name)) for name in REGIONS}


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
