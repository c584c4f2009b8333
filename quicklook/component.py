"""Mounts the quick look in a Streamlit page."""

import hashlib
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from common.vocabulary import MODALITIES
from inference.io.names.file_names import recognise
from model_zoo.registry import contract
from model_zoo.weights.provenance import EMBEDDED
from viewer import Panel, panels_payload
from viewer.bundle import bundle
from viewer.component import mount_code, mount_parcel, words
from viewer.parcel import pack, read_header

MODEL: Final = "edge_unet"
# What rows and columns of a slice must be a multiple of; the network says it too, but only to
# those who load it.
DIVISOR: Final = 16

_COLOUR: Final = "#0072B2"

_BROWSER: Final = Path(__file__).parent / "browser"
_RUNTIME: Final = Path(__file__).parents[1] / "assets" / "onnxruntime"
_CHECKSUMS: Final = Path(__file__).with_name("checksums.toml")
_PARTS: Final = {
    "ort": _RUNTIME / "ort.wasm.bundle.min.mjs",
    "wasm": _RUNTIME / "ort-wasm-simd-threaded.wasm.gz",
    "model": EMBEDDED / MODEL / "model.onnx",
}


@cache
def is_available() -> bool:
    """Whether the small model and what runs it are on this server, byte for byte as released."""
    return all(file.is_file() for file in _PARTS.values()) and _parts() is not None


def quick_look(*, key: str, sample: Path) -> None:
    """Let the visitor choose files that stay in the browser, and show what the model finds.

    Args:
        key: Names it on the page.
        sample: Folder of a case to try it on, which is sent to the browser when it is pressed for.
    """
    engine = _engine()
    presses = f"{key}-presses"
    pressed = st.button("Try it on the sample", icon=":material/play_arrow:", key=f"{key}-sample")
    st.session_state[presses] = st.session_state.get(presses, 0) + pressed
    files = _files(sample) if pressed else None
    with st.container(gap=None):
        data = {
            "key": key,
            "code": mount_code(key),
            "engine": read_header(engine)["hash"],
            "css": (_BROWSER / "quick.css").read_text(encoding="utf-8"),
            "words": words(),
            "panel": _panel(),
            "sample": read_header(files)["hash"] if files else None,
            "presses": st.session_state[presses],
        }
        _component()(key=key, data=data)
        mount_parcel(engine, key)
        if files:
            mount_parcel(files, key)


def _panel() -> dict[str, Any]:
    """The one panel, as the view knows panels; the browser fills it."""
    header = read_header(panels_payload([Panel(MODEL, contract(MODEL).title, _COLOUR)]))
    return header["panels"][0]


def _parts() -> dict[str, bytes] | None:
    """What is run in the browser and was not written here; None where any of it was changed."""
    known = tomllib.loads(_CHECKSUMS.read_text(encoding="utf-8"))
    found = {name: file.read_bytes() for name, file in _PARTS.items()}
    whole = {name: hashlib.sha256(content).hexdigest() for name, content in found.items()} == known
    return found if whole else None


@cache
def _engine() -> bytes:
    """Everything the worker needs, in one parcel; 3.8 MB.

    Raises:
        ValueError: where a part is not what was released, as :func:`is_available` says before.
    """
    whole = _parts()
    if whole is None:
        raise ValueError("a part of the quick look is not what was released")
    parts = whole | {"worker": bundle("worker.js", folder=_BROWSER).encode()}
    return pack({"kind": "engine", "parts": list(parts), "divisor": DIVISOR}, list(parts.values()))


@cache
def _files(folder: Path) -> bytes:
    """The scan of a case as it lies on disk, without its truth, in one parcel."""
    files = [file for file in sorted(folder.iterdir()) if recognise(file.name) in MODALITIES]
    header = {"kind": "files", "names": [file.name for file in files]}
    return pack(header, [file.read_bytes() for file in files])


@cache
def _component() -> Callable[..., Any]:
    script = bundle("quick.js", folder=_BROWSER)
    return st.components.v2.component("gliolens_quick_look", js=script)
