"""Where a scan lies in a head, so that another scan of that head opens at the same anatomy."""

from dataclasses import dataclass
from typing import Any

import numpy as np


# eq=False: comparing two places would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class Place:
    """Where the voxels of a scan lie in a head.

    Args:
        head: Names the head; scans with the same name share the world of ``to_head``.
        to_head: (4, 4) from RAS+ voxel indices of the scan to mm in a world common to all scans
            of the head.

    Raises:
        ValueError: ``to_head`` is no invertible (4, 4) matrix.
    """

    head: str
    to_head: np.ndarray

    def __post_init__(self) -> None:
        matrix = np.asarray(self.to_head, float)
        if matrix.shape != (4, 4) or not np.isfinite(matrix).all() or not np.linalg.det(matrix):
            raise ValueError(f"to_head is no invertible (4, 4) matrix: {matrix.tolist()}")


def describe_place(place: Place, scan: dict[str, Any]) -> dict[str, Any]:
    """Return a place as the browser reads it, with the extent of its scan.

    The extent comes along because the scan itself arrives later, and goes earlier.

    Args:
        place: Of the scan.
        scan: The header of the scan.
    """
    to_head = np.asarray(place.to_head, float)
    return {
        "head": place.head,
        "toHead": to_head.tolist(),
        "fromHead": np.linalg.inv(to_head).tolist(),
        **{name: scan[name] for name in ("shape", "spacing", "box")},
    }
