"""Packs the region probabilities of one segmentation for the browser."""

import zlib
from typing import Final

import numpy as np

from common.vocabulary import REGIONS
from viewer.parcel import Box, bounding_box, crop, pack

# As bytes, 255 is certain. Below two per cent nothing is drawn, so nothing is sent either.
LEAST: Final = 5

DEFLATE_LEVEL: Final = 1


def probability_payload(
    probabilities: np.ndarray, box: tuple[slice, slice, slice], shape: tuple[int, int, int]
) -> bytes:
    """Pack region probabilities as a parcel, for :class:`viewer.Panel`.

    Args:
        probabilities: (3, x, y, z) float in 0 to 1, in the order of ``REGIONS``.
        box: Where they lie in the whole volume.
        shape: (X, Y, Z) of the whole volume.

    Raises:
        ValueError: ``probabilities`` are not of three regions in three dimensions.
    """
    if probabilities.ndim != 4 or probabilities.shape[0] != len(REGIONS):
        raise ValueError(
            f"probabilities have shape {probabilities.shape}, expected ({len(REGIONS)}, x, y, z)"
        )
    levels = np.stack([_to_bytes(region) for region in probabilities])
    inner = bounding_box(levels.any(axis=0)) or ((0, 0),) * 3
    blobs = [zlib.compress(crop(region, inner).tobytes(), DEFLATE_LEVEL) for region in levels]
    header = {
        "kind": "probability",
        "shape": list(shape),
        "box": _shifted(inner, box),
        "regions": list(REGIONS),
    }
    return pack(header, blobs)


def _to_bytes(region: np.ndarray) -> np.ndarray:
    levels = np.rint(region.astype(np.float32) * 255).astype(np.uint8)
    levels[levels < LEAST] = 0
    return levels


def _shifted(inner: Box, box: tuple[slice, slice, slice]) -> Box:
    starts = [int(span.start or 0) for span in box]
    return tuple((low + at, high + at) for (low, high), at in zip(inner, starts, strict=True))
