"""Mounts the compare view in a Streamlit page.

Four kinds of component share one store on the browser's page (``browser/received/page_store.js``):

- the code, which is the same for everyone;
- parcels, invisible: the scan, each label map and each model's probabilities, named by the hash
  of their content;
- the view, visible: a few hundred bytes that name the code and the parcels;
- the progress of what the panels wait for, invisible, so that its steps leave the rest alone.

Streamlit's message cache replaces a message of more than 10 KB that the browser already has by
its hash. So a rerun sends the view alone.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

import numpy as np
import streamlit as st

from common.colours import LABEL_COLOURS
from common.vocabulary import LABEL_NAMES, MODALITIES, MODALITY_NAMES
from viewer.bundle import bundle
from viewer.parcel import read_header, unpack
from viewer.place import Place, describe_place
from viewer.styles import compare_styles

_SHORT_LABEL_NAMES: Final = {1: "NCR", 2: "ED", 3: "ET"}


def compare_view(
    scan: bytes,
    panels: bytes,
    *,
    key: str,
    affine: np.ndarray | None = None,
    brain: bytes | None = None,
    place: Place | None = None,
    height: int | None = None,
) -> None:
    """Show the panels side by side, all at the same slice of the scan.

    Nothing a person does in it reaches the server.

    Args:
        scan: From :func:`viewer.scan_payload`.
        panels: From :func:`viewer.panels_payload`.
        key: Names this view on the page. The slice, the modality and every other choice are
            kept under it through reruns and page changes, and stands in the page's address.
        affine: (4, 4) RAS+ voxel to world in mm, for the cross-hair; None where it is not known.
        brain: The brain mask, whose outline can be shown: from :func:`viewer.labels_payload`, of
            0 and 1.
        place: Where the scan lies in its head. When the next scan of this view is of the same
            head, the same anatomy stays in view; without it, another scan starts afresh.
        height: Height of the pictures in CSS pixels; None fits them to the window.

    Raises:
        ValueError: A label map, probabilities or the brain mask have another (X, Y, Z) shape than
            the scan.
    """
    scan_header = read_header(scan)
    panels_header, parcels = unpack(panels)
    masks = [] if brain is None or brain in parcels else [brain]
    _check_shapes(scan_header, [*parcels, *masks])
    label_maps, probabilities = (_of_kind(parcels, kind) for kind in ("labels", "probability"))
    # Without a gap the invisible ones take no room even before their script has hidden them.
    with st.container(gap=None):
        mount_code(key)
        data = _view_data(
            scan_header,
            panels_header,
            key=key,
            affine=affine,
            brain=brain,
            place=place,
            height=height,
        )
        _component("view", bundle("components/compare_view.js"))(key=key, data=data)
        # The large ones come last: by then everything else can already be on screen.
        for parcel in (*label_maps, scan, *masks, *probabilities):
            mount_parcel(parcel, key)


def tell_progress(panels: Mapping[str, tuple[str, float]], *, key: str) -> None:
    """Tell a view on the page how far the work of its panels is; the view itself is not sent.

    Args:
        panels: By the key of a panel, its status (``"waiting"`` or ``"running"``) and its
            progress, from 0 to 1. Every other status has to come with a view.
        key: Of the view.
    """
    told = {name: {"status": status, "progress": at} for name, (status, at) in panels.items()}
    _component("progress", bundle("components/progress.js"))(
        key=f"{key}:progress", data={"key": key, "panels": told}
    )


def _view_data(
    scan: dict[str, Any],
    panels: dict[str, Any],
    *,
    key: str,
    affine: np.ndarray | None,
    brain: bytes | None,
    place: Place | None,
    height: int | None,
) -> dict[str, Any]:
    return {
        "key": key,
        "code": _code()["hash"],
        "scan": scan["hash"],
        "present": [modality["name"] for modality in scan["modalities"]],
        "panels": panels["panels"],
        "affine": None if affine is None else np.asarray(affine, float).tolist(),
        "brain": None if brain is None else read_header(brain)["hash"],
        "place": None if place is None else describe_place(place, scan),
        "height": height,
        **words(),
    }


def words() -> dict[str, Any]:
    """What a view calls the modalities and the labels, and their colours."""
    return {
        "modalities": [{"key": name, "name": MODALITY_NAMES[name]} for name in MODALITIES],
        "labels": [
            {
                "value": value,
                "short": _SHORT_LABEL_NAMES[value],
                "name": name,
                "colour": LABEL_COLOURS[value],
            }
            for value, name in LABEL_NAMES.items()
        ],
    }


def _check_shapes(scan: dict[str, Any], parcels: list[bytes]) -> None:
    for header in map(read_header, parcels):
        if header["shape"] != scan["shape"]:
            what = "a mask or label map has" if header["kind"] == "labels" else "probabilities have"
            raise ValueError(f"{what} shape {header['shape']}, the scan {scan['shape']}")


def _of_kind(parcels: list[bytes], kind: str) -> list[bytes]:
    return [parcel for parcel in parcels if read_header(parcel)["kind"] == kind]


def mount_code(key: str) -> str:
    """Send what views run on to the page, where it waits under the hash that is returned."""
    code = _code()
    data = {"hash": code["hash"], "css": code["css"]}
    _component("code", code["js"])(key=f"{key}:code", data=data)
    return code["hash"]


def mount_parcel(parcel: bytes, key: str) -> None:
    """Send bytes to the page of the view with this key, where they wait under their hash."""
    mount = _component("parcel", bundle("components/parcel.js"))
    mount(key=f"{key}:{read_header(parcel)['hash']}", data=parcel)


@cache
def _code() -> dict[str, str]:
    js = bundle("components/compare_code.js")
    css = compare_styles()
    return {"js": js, "css": css, "hash": hashlib.blake2b((js + css).encode()).hexdigest()[:32]}


@cache
def _component(name: str, js: str) -> Callable[..., Any]:
    return st.components.v2.component(f"gliolens_{name}", js=js)
