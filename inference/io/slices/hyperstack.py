"""Which pages of a TIFF are channels and which are slices, as ImageJ and OME write it.

ImageJ: https://imagej.net/ij/developer/api (TiffEncoder, "hyperstack"); OME: the Dimension Order of
https://docs.openmicroscopy.org/ome-model (SizeZ, SizeC, SizeT).
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

_IMAGEJ: Final = re.compile(r"^(channels|slices|frames)=([0-9]+)\s*$", re.MULTILINE)
_OME: Final = re.compile(r"(SizeC|SizeZ|SizeT|DimensionOrder)=\"([A-Z0-9]+)\"")


@dataclass(frozen=True)
class Hyperstack:
    """How the pages of a TIFF are to be read.

    Args:
        channels: How many images there are.
        slices: How many slices each has.
        channels_first: Whether neighbouring pages are channels of one slice.
    """

    channels: int
    slices: int
    channels_first: bool

    def arrange(self, voxels: np.ndarray) -> np.ndarray:
        """(X, Y, pages, 1) to (X, Y, slices, channels)."""
        across, up = voxels.shape[:2]
        if self.channels_first:
            return voxels.reshape(across, up, self.slices, self.channels)
        return voxels.reshape(across, up, self.channels, self.slices).swapaxes(2, 3)


def may_be_hyperstack(description: str) -> bool:
    """Whether the program that wrote a TIFF tells its images apart."""
    return description.startswith("ImageJ=") or "DimensionOrder" in description


def hyperstack_of(description: str, pages: int) -> Hyperstack | None:
    """What the description of a TIFF says of its pages; None where it is one stack.

    Args:
        description: The text in its first page.
        pages: How many it has.
    """
    counts, order = _imagej(description) if description.startswith("ImageJ=") else _ome(description)
    slices, channels, frames = (counts.get(axis, 1) for axis in "ZCT")
    if channels > 1 and frames > 1:
        return None
    axis, images = ("C", channels) if channels > 1 else ("T", frames)
    if images < 2 or slices * images != pages:
        return None
    return Hyperstack(images, slices, channels_first=order.index(axis) < order.index("Z"))


def _imagej(description: str) -> tuple[dict[str, int], str]:
    axes = {"channels": "C", "slices": "Z", "frames": "T"}
    return {axes[name]: int(count) for name, count in _IMAGEJ.findall(description)}, "XYCZT"


def _ome(description: str) -> tuple[dict[str, int], str]:
    found = dict(_OME.findall(description))
    counts = {name[-1]: int(value) for name, value in found.items() if name.startswith("Size")}
    return counts, found.get("DimensionOrder", "XYCZT")
