"""The 3D figure: surfaces in the room of the scan, with a letter at each of the patient's sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import plotly.graph_objects as go

from scene.surface import Surface

# From the front and a little from above: the patient's right is on the left, as in the slices.
CAMERA: Final = {
    "eye": {"x": 0.52, "y": 1.37, "z": 0.55},
    # A little above the middle: perspective puts what is near lower, and the face is near.
    "center": {"x": 0, "y": 0, "z": 0.1},
    "up": {"x": 0, "y": 0, "z": 1},
}
_SIDES: Final = {"x": ("L", "R"), "y": ("P", "A"), "z": ("I", "S")}
_LIGHTING: Final = {"ambient": 0.45, "diffuse": 0.75, "specular": 0.15, "roughness": 0.6}
# The room is as dark as an image, on a light page too.
_GROUND: Final = "#000000"
_LETTERS_COLOUR: Final = "#9aa4b2"
# Between a letter and the surface, as a share of half the longest side.
_GAP: Final = 0.12
_HOVER: Final = "%{x:.0f} mm to the right, %{y:.0f} to the front, %{z:.0f} up"


@dataclass(frozen=True)
class Body:
    """One surface of a figure: what it is called, its colour and opacity (0 to 1)."""

    name: str
    colour: str
    opacity: float
    surface: Surface


def scene_figure(bodies: Sequence[Body], *, height: int) -> go.Figure:
    """Surfaces in one scene.

    A figure drawn again keeps the camera that was turned by hand.

    Args:
        bodies: From the inside out, since the browser draws see-through surfaces in this order.
        height: In CSS pixels.
    """
    figure = go.Figure([*(_mesh(body) for body in bodies), _letters(bodies)])
    hidden = {f"{axis}axis": {"visible": False} for axis in _SIDES}
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor=_GROUND,
        showlegend=False,
        uirevision="stays",
        scene={**hidden, "aspectmode": "data", "camera": CAMERA, "bgcolor": _GROUND},
    )
    return figure


def _mesh(body: Body) -> go.Mesh3d:
    x, y, z = body.surface.vertices.T
    i, j, k = body.surface.triangles.T
    return go.Mesh3d(
        **{"x": x, "y": y, "z": z, "i": i, "j": j, "k": k},
        name=body.name,
        color=body.colour,
        opacity=body.opacity,
        lighting=_LIGHTING,
        hovertemplate=f"{body.name}<br>{_HOVER}<extra></extra>",
    )


def _ends(surfaces: Sequence[Surface]) -> tuple[np.ndarray, np.ndarray]:
    points = [surface.vertices for surface in surfaces]
    lowest = np.min([each.min(axis=0) for each in points], axis=0)
    return lowest, np.max([each.max(axis=0) for each in points], axis=0)


def _letters(bodies: Sequence[Body]) -> go.Scatter3d:
    """One letter beyond the middle of each side, so that none lies on the brain or on another."""
    lowest, highest = _ends([body.surface for body in bodies])
    middle, reach = (lowest + highest) / 2, (highest - lowest) / 2
    beyond = reach + _GAP * reach.max()
    # Two for each axis: below the middle and above it.
    x, y, z = np.concatenate([middle + way * np.diag(beyond) for way in (-1, 1)]).T
    texts = [letters[end] for end in (0, 1) for letters in _SIDES.values()]
    return go.Scatter3d(
        **{"x": x, "y": y, "z": z, "text": texts},
        mode="text",
        textfont={"size": 16, "color": _LETTERS_COLOUR},
        hoverinfo="skip",
    )
