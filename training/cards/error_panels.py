"""One slice, with what was drawn rightly and wrongly marked: the colours of the error layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from report import DISCLAIMER
from report.drawing.fonts import picture_font

ERROR_COLOURS: Final = {"Missed": "#D55E00", "Extra": "#56B4E9", "Correct": "#009E73"}

_PAPER, _TEXT, _QUIET = "#0b0d10", "#e6e8eb", "#9aa4b2"
_OPACITY: Final = {"Missed": 0.7, "Extra": 0.6, "Correct": 0.4}
_WIDTH, _GAP, _MARGIN, _LETTERS = 320, 8, 12, 17


@dataclass(frozen=True, eq=False)
class Panel:
    """A region on one slice.

    Args:
        title: What stands above it.
        greys: (H, W) uint8 as it is looked at, the patient's right on the left.
        predicted: (H, W) bool.
        true: (H, W) bool.
        pixel_mm: Height and width of a pixel.
    """

    title: str
    greys: np.ndarray
    predicted: np.ndarray
    true: np.ndarray
    pixel_mm: tuple[float, float]


def draw_panels(panels: Sequence[Panel], *, note: str) -> Image.Image:
    """Panels side by side under their titles, with the key to the colours and a note below."""
    shown = [_overlaid(panel) for panel in panels]
    top, bottom = 2 * _LETTERS, round(3.6 * _LETTERS)
    height = max(each.height for each in shown)
    across = 2 * _MARGIN + len(panels) * (_WIDTH + _GAP) - _GAP
    picture = Image.new("RGB", (across, top + height + bottom), _PAPER)
    draw = ImageDraw.Draw(picture)
    for number, (panel, image) in enumerate(zip(panels, shown, strict=True)):
        left = _MARGIN + number * (_WIDTH + _GAP)
        picture.paste(image, (left, top))
        title = picture_font(_LETTERS, bold=True)
        draw.text((left, _LETTERS), panel.title, fill=_TEXT, font=title, anchor="lm")
    _key(draw, top + height + _LETTERS // 2, note)
    return picture


def _overlaid(panel: Panel) -> Image.Image:
    tall, wide = panel.pixel_mm
    height = round(_WIDTH * panel.greys.shape[0] * tall / (panel.greys.shape[1] * wide))
    size = (_WIDTH, height)
    grey = Image.fromarray(panel.greys).resize(size, Image.Resampling.BICUBIC).convert("RGBA")
    marks = Image.fromarray(_marks(panel)).resize(size, Image.Resampling.NEAREST)
    shown = Image.alpha_composite(grey, marks).convert("RGB")
    draw, font = ImageDraw.Draw(shown), picture_font(_LETTERS, bold=True)
    for letter, place, anchor in (("R", 5, "lm"), ("L", _WIDTH - 5, "rm")):
        draw.text((place, height // 2), letter, fill=_TEXT, font=font, anchor=anchor)
    return shown


def _marks(panel: Panel) -> np.ndarray:
    """(H, W, 4) uint8: the colour of every pixel that is tumour in truth or as drawn."""
    masks = {
        "Missed": panel.true & ~panel.predicted,
        "Extra": panel.predicted & ~panel.true,
        "Correct": panel.predicted & panel.true,
    }
    marks = np.zeros((*panel.true.shape, 4), np.uint8)
    for name, mask in masks.items():
        marks[mask] = (*bytes.fromhex(ERROR_COLOURS[name][1:]), round(255 * _OPACITY[name]))
    return marks


def _key(draw: ImageDraw.ImageDraw, top: int, note: str) -> None:
    font, left = picture_font(_LETTERS), _MARGIN
    for name, colour in ERROR_COLOURS.items():
        draw.rectangle((left, top, left + _LETTERS, top + _LETTERS), fill=colour)
        draw.text((left + _LETTERS * 1.4, top - 2), name, fill=_TEXT, font=font)
        left += round(font.getlength(name)) + 3 * _LETTERS
    small = picture_font(_LETTERS * 4 // 5)
    line = f"{note} {DISCLAIMER}"
    draw.text((_MARGIN, top + round(1.5 * _LETTERS)), line, fill=_QUIET, font=small)
