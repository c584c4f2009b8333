"""Pictures of slices with what was drawn on them: the same colours as on screen.

A picture carries its scale, the patient's sides and the disclaimer, and no name of a patient, so
that it can go into a talk as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from common.colours import LABEL_COLOURS
from common.vocabulary import LABEL_NAMES, MODALITY_NAMES
from report import DISCLAIMER
from report.drawing.fonts import picture_font
from report.drawing.images import Images
from report.drawing.planes import PLANES

BACKGROUND: Final = "#0b0d10"
TEXT: Final = "#e6e8eb"
QUIET: Final = "#9aa4b2"
OPACITY: Final = 0.5
_SCALE_BARS_MM: Final = (50, 20, 10, 5, 2, 1)
_GAP: Final = 12


@dataclass(frozen=True)
class View:
    """Which slice a picture shows: a key of ``PLANES``, a modality, an index from 0."""

    plane: str
    modality: str
    index: int

    @property
    def caption(self) -> str:
        """Plane, number of the slice counted from 1, and modality, in words."""
        return f"{PLANES[self.plane].name} slice {self.index + 1}, {MODALITY_NAMES[self.modality]}"


@dataclass(frozen=True, eq=False)
class Layer:
    """One column: what it is called, its colour, its (X, Y, Z) label map (None: plain image)."""

    title: str
    colour: str
    labels: np.ndarray | None


def comparison(
    images: Images,
    views: Sequence[View],
    layers: Sequence[Layer],
    *,
    width: int = 420,
    text: int = 19,
) -> Image.Image:
    """One row a view, one column a layer, all to one scale.

    Args:
        images: The greys of the case.
        views: Slices, from the top.
        layers: What is drawn on them, from the left.
        width: Pixels of a column.
        text: Height of the letters in pixels.
    """
    rows = [[_panel(images, view, layer, width, text) for layer in layers] for view in views]
    heights = [row[0].height + 2 * text for row in rows]
    top, bottom = 2 * text, _footer_height(len(layers), text)
    whole = (len(layers) * (width + _GAP) + _GAP, top + sum(heights) + bottom)
    picture = Image.new("RGB", whole, BACKGROUND)
    draw = ImageDraw.Draw(picture)
    for number, layer in enumerate(layers):
        _title(draw, layer, _GAP + number * (width + _GAP), text, width)
    for row, view, height in zip(rows, views, heights, strict=True):
        for number, panel in enumerate(row):
            picture.paste(panel, (_GAP + number * (width + _GAP), top))
        place = (_GAP, top + row[0].height + text // 3)
        draw.text(place, view.caption, fill=QUIET, font=picture_font(text))
        top += height
    _footer(draw, picture.size, text, columns=len(layers))
    return picture


def write_png(picture: Image.Image, file: Path) -> None:
    """Write a picture; what it is not stands in its metadata too."""
    comment = PngInfo()
    comment.add_text("Comment", DISCLAIMER)
    picture.save(file, format="PNG", pnginfo=comment)


def _panel(images: Images, view: View, layer: Layer, width: int, text: int) -> Image.Image:
    plane = PLANES[view.plane]
    greys = images.greys(view.modality, plane, view.index)
    tall, wide = plane.pixel_mm(images.spacing)
    across_mm = _widest_mm(images)
    scale = width / across_mm  # one scale for all planes, so that sizes compare
    size = (round(greys.shape[1] * wide * scale), round(greys.shape[0] * tall * scale))
    shown = Image.fromarray(greys).resize(size, Image.Resampling.BICUBIC).convert("RGB")
    if layer.labels is not None:
        shown = _overlaid(shown, images.labels(layer.labels, plane, view.index))
    panel = Image.new("RGB", (width, shown.height), "black")
    panel.paste(shown, ((width - shown.width) // 2, 0))
    side_letters(panel, plane.sides, text)
    if images.sized:
        _scale_bar(panel, scale, text)
    return panel


def _widest_mm(images: Images) -> float:
    frame = [side.stop - side.start for side in images.frame]
    return max(frame[axis] * images.spacing[axis] for axis in (0, 1))


def _overlaid(shown: Image.Image, labels: np.ndarray) -> Image.Image:
    colours = np.zeros((*labels.shape, 4), np.uint8)
    for label, colour in LABEL_COLOURS.items():
        colours[labels == label] = (*bytes.fromhex(colour[1:]), round(255 * OPACITY))
    overlay = Image.fromarray(colours).resize(shown.size, Image.Resampling.NEAREST)
    return Image.alpha_composite(shown.convert("RGBA"), overlay).convert("RGB")


def side_letters(panel: Image.Image, letters: tuple[str, str, str, str], text: int) -> None:
    """Write what lies at the left, right, top and bottom of a picture onto it.

    Args:
        panel: RGB.
        letters: Such as ``("R", "L", "A", "P")``.
        text: Height of the letters in pixels.
    """
    draw, font = ImageDraw.Draw(panel), picture_font(text, bold=True)
    across, down = panel.width, panel.height
    places = [(6, down // 2), (across - 6, down // 2), (across // 2, 4), (across // 2, down - 4)]
    for letter, place, anchor in zip(letters, places, ("lm", "rm", "mt", "mb"), strict=True):
        draw.text(
            place, letter, fill=TEXT, font=font, anchor=anchor, stroke_width=2, stroke_fill="black"
        )


def _scale_bar(panel: Image.Image, pixels_per_mm: float, text: int) -> None:
    fitting = [mm for mm in _SCALE_BARS_MM if mm * pixels_per_mm <= panel.width / 3]
    if not fitting:
        return
    draw, font = ImageDraw.Draw(panel), picture_font(text * 4 // 5)
    length, left, bottom = round(fitting[0] * pixels_per_mm), 8, panel.height - 8
    draw.rectangle((left - 1, bottom - 4, left + length + 1, bottom), fill=TEXT, outline="black")
    draw.text(
        (left, bottom - 7),
        f"{fitting[0]} mm",
        fill=TEXT,
        font=font,
        anchor="lb",
        stroke_width=2,
        stroke_fill="black",
    )


def _title(draw: ImageDraw.ImageDraw, layer: Layer, left: int, size: int, width: int) -> None:
    draw.rectangle((left, size // 2, left + size // 3, size // 2 + size), fill=layer.colour)
    font = picture_font(size, bold=True)
    title = layer.title
    while font.getlength(title) > width - size and len(title) > 2:
        title = title[:-2] + "…"
    draw.text((left + size * 2 // 3, size), title, fill=TEXT, font=font, anchor="lm")


def _footer_height(columns: int, size: int) -> int:
    return (5 if columns == 1 else 4) * size


def _footer(draw: ImageDraw.ImageDraw, whole: tuple[int, int], size: int, *, columns: int) -> None:
    font = picture_font(size)
    left, top = _GAP, whole[1] - _footer_height(columns, size) + size // 3
    for label, name in LABEL_NAMES.items():
        draw.rectangle((left, top, left + size, top + size), fill=LABEL_COLOURS[label])
        draw.text((left + size * 3 // 2, top), name, fill=TEXT, font=font)
        left += round(font.getlength(name)) + 3 * size
    lines = [DISCLAIMER] if columns > 1 else DISCLAIMER.split(". ", 1)
    for number, line in enumerate(lines):
        draw.text((_GAP, top + (1.6 + 1.3 * number) * size), line, fill=QUIET, font=font)
