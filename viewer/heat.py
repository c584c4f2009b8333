"""Mounts a heat map over the slices of a scan in a Streamlit page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

from viewer.bundle import bundle
from viewer.component import mount_parcel, words
from viewer.panels import Panel, panels_payload
from viewer.parcel import read_header, unpack
from viewer.styles import heat_styles


@dataclass(frozen=True, eq=False)
class HeatMap:
    """One map to choose.

    Args:
        key: Unique among the maps.
        name: What stands on its button.
        about: What stands under the picture.
        low: What the dark end of its bar means.
        high: What the bright end means.
        values: From :func:`viewer.probability_payload`: 0 to 1, one volume a region.
    """

    key: str
    name: str
    about: str
    low: str
    high: str
    values: bytes


def heat_view(
    scan: bytes, outlined: Panel, maps: Sequence[HeatMap], *, key: str, start: int = 0
) -> None:
    """Show a slice with its outlines, and beside it with a map over it.

    Nothing a person does in it reaches the server.

    Args:
        scan: From :func:`viewer.scan_payload`.
        outlined: Whose label map is outlined; (X, Y, Z) uint8, and it must have one.
        maps: At least one, of the scan's shape.
        key: Names this view on the page.
        start: The index of the axial slice that is shown first, from 0.

    Raises:
        ValueError: Scan, label map and maps do not all have the same (X, Y, Z) shape.
    """
    _, [labels] = unpack(panels_payload([outlined]))
    values = [each.values for each in maps]
    shapes = {tuple(read_header(parcel)["shape"]) for parcel in (scan, labels, *values)}
    if len(shapes) > 1:
        raise ValueError(f"scan, labels and maps have different shapes: {sorted(shapes)}")
    data = _heat_data(scan, labels, outlined.name, maps)
    with st.container(gap=None):
        _heat()(key=key, data=data | {"key": key, "start": start})
        for parcel in dict.fromkeys((labels, scan, *values)):
            mount_parcel(parcel, key)


def _heat_data(
    scan: bytes, labels: bytes, outlined_name: str, maps: Sequence[HeatMap]
) -> dict[str, Any]:
    hashes = [_hash(parcel) for parcel in (scan, labels, *(each.values for each in maps))]
    return {
        "scan": hashes[0],
        "outlined": hashes[1],
        "outlinedName": outlined_name,
        "maps": [
            {
                "key": each.key,
                "name": each.name,
                "about": each.about,
                "low": each.low,
                "high": each.high,
                "parcel": parcel,
            }
            for each, parcel in zip(maps, hashes[2:], strict=True)
        ],
        "present": [modality["name"] for modality in read_header(scan)["modalities"]],
        **words(),
    }


def _hash(parcel: bytes) -> str:
    return read_header(parcel)["hash"]


@cache
def _heat() -> Callable[..., Any]:
    return st.components.v2.component(
        "gliolens_heat", js=bundle("components/heat_view.js"), css=heat_styles()
    )
