"""Cornerstone3D, the web viewer that OHIF is made of, with images and a segmentation over them."""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.support.foreign_readers import NODE_MODULES, program, run
from tests.support.repository import ROOT

_SOURCE = ROOT / "tests" / "support" / "cornerstone_viewer.js"
_PACKAGE = NODE_MODULES / "@cornerstonejs" / "adapters"


def bundle(folder: Path) -> Path:
    """The viewer as one script; the test is skipped where it cannot be had."""
    program("node")
    bundler = NODE_MODULES / ".bin" / "esbuild"
    if not (_PACKAGE.exists() and bundler.exists()):
        pytest.skip("there is no Cornerstone3D: npm is needed for it: make readers")
    script = folder / "viewer.js"
    os.environ["NODE_PATH"] = str(NODE_MODULES)
    run(bundler, _SOURCE, "--bundle", "--format=iife", "--log-level=error", f"--outfile={script}")
    return script


@dataclass(frozen=True)
class Viewer:
    """A page with the viewer in it.

    Args:
        page: Of a browser.
        labels: (planes, rows, columns), what it has read of the segmentation.
    """

    page: Page
    labels: np.ndarray

    def go_to(self, plane: int, brightness: tuple[float, float]) -> None:
        """Show a plane, in the order in which the images were given, black to white."""
        self.page.evaluate("each => goTo(each)", {"plane": plane, "range": brightness})

    def colours_at(self, places: np.ndarray) -> np.ndarray:
        """(N, 3) RGB on the screen at (N, 3) places in mm, in the patient's axes of DICOM."""
        return np.array(self.page.evaluate("each => coloursAt(each)", places.tolist()))


def open_viewer(
    page: Page,
    script: Path,
    images: Sequence[Path],
    segmentation: Path,
    *,
    pixels: int,
    opacity: float = 1,
    outline: bool = False,
) -> Viewer:
    """Open a series, in its order along the stack, and a segmentation over it.

    Args:
        page: A new page.
        script: What :func:`bundle` gave.
        images: Of the series; not compressed.
        segmentation: A DICOM segmentation.
        pixels: Width and height of the viewer on the screen.
        opacity: Of the segments, 0 to 1.
        outline: Whether segments are outlined.
    """
    size = f"width: {pixels}px; height: {pixels}px"
    page.set_content(f'<body style="margin: 0"><div id="view" style="{size}"></div></body>')
    page.add_script_tag(path=script)
    given = {
        "images": [_base64(file) for file in images],
        "segmentation": _base64(segmentation),
        "opacity": opacity,
        "outline": outline,
    }
    planes = np.array(page.evaluate("each => openStudy(each)", given), np.uint8)
    return Viewer(page, planes)


def _base64(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode("ascii")
