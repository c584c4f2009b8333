"""A colour map that is perceptually even, for pictures; ``browser/slice/colour_maps.js`` has
the same."""

from typing import Final

import numpy as np

# Magma (Smith, van der Walt 2015), at ten even steps with straight lines between them.
MAGMA: Final = (
    "#000004",
    "#180f3d",
    "#440f76",
    "#721f81",
    "#9e2f7f",
    "#cd4071",
    "#f1605d",
    "#fd9668",
    "#feca8d",
    "#fcfdbf",
)


def colour_table(stops: tuple[str, ...]) -> np.ndarray:
    """(256, 3) uint8: the colour of each byte."""
    channels = np.array([tuple(bytes.fromhex(stop[1:])) for stop in stops])
    at = np.linspace(0, len(stops) - 1, 256)
    columns = [np.interp(at, np.arange(len(stops)), channel) for channel in channels.T]
    return np.rint(np.stack(columns, axis=1)).astype(np.uint8)


def css_gradient(stops: tuple[str, ...]) -> str:
    """The same as a bar on a page."""
    return f"linear-gradient(to right, {', '.join(stops)})"
