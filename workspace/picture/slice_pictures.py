"""Pictures of one slice: image, mask, overlay, probability and errors, all to one scale."""

from typing import Final

import numpy as np
from PIL import Image

from common.colours import LABEL_COLOURS
from report.drawing.images import Images
from report.drawing.pictures import OPACITY, side_letters
from report.drawing.planes import PLANES
from viewer.colour_maps import colour_table

# Cividis (Nuñez, Anderton, Renslow 2018), as ``viewer/browser/slice/colour_maps.js`` has it.
CIVIDIS: Final = (
    "#00224e",
    "#123570",
    "#3b496c",
    "#575d6d",
    "#707173",
    "#8a8678",
    "#a59c74",
    "#c3b369",
    "#e1cc55",
    "#fee838",
)
MISSED, EXTRA, CORRECT = "#D55E00", "#56B4E9", "#009E73"
WIDTH: Final = 480
_LETTERS: Final = 30  # pixels high; on a phone a picture is a third as wide
_ERROR_OPACITY: Final = 0.75
_AXIAL: Final = PLANES["axial"]


class SlicePictures:
    """The pictures of one slice of a case, the patient's right on the left.

    Args:
        images: The greys of the case.
        modality: The image below.
        index: The slice.
        width: Pixels across.
        letters: Whether the image, and what lies over it, says which side is which.
    """

    def __init__(
        self,
        images: Images,
        modality: str,
        index: int,
        *,
        width: int = WIDTH,
        letters: bool = True,
    ) -> None:
        self._images, self._index, self._letters = images, index, letters
        greys = images.greys(modality, _AXIAL, index)
        tall, wide = _AXIAL.pixel_mm(images.spacing)
        size = (width, max(1, round(width * greys.shape[0] * tall / (greys.shape[1] * wide))))
        self._grey = Image.fromarray(greys).resize(size, Image.Resampling.BICUBIC).convert("RGB")

    @property
    def image(self) -> Image.Image:
        """The slice alone."""
        return self._lettered(self._grey.copy())

    def mask(self, region: np.ndarray) -> Image.Image:
        """An (X, Y, Z) bool mask in white on black."""
        return self._enlarged(np.uint8(255) * self._flat(region)).convert("RGB")

    def overlay(self, labels: np.ndarray) -> Image.Image:
        """An (X, Y, Z) label map in the colours of its parts."""
        flat = self._flat(labels)
        return self._covered({c: flat == label for label, c in LABEL_COLOURS.items()}, OPACITY)

    def errors(self, predicted: np.ndarray, true: np.ndarray) -> Image.Image:
        """What is missed, extra and correct of two (X, Y, Z) bool masks."""
        predicted, true = self._flat(predicted), self._flat(true)
        parts = {MISSED: true & ~predicted, EXTRA: predicted & ~true, CORRECT: predicted & true}
        return self._covered(parts, _ERROR_OPACITY)

    def probability(self, probabilities: np.ndarray) -> Image.Image:
        """(x, y, z) probabilities inside the box of the case, in cividis; black off the head."""
        images = self._images
        inside = self._index - images.box[2].start
        if not 0 <= inside < probabilities.shape[2]:
            return Image.new("RGB", self._grey.size)
        coloured = colour_table(CIVIDIS)[np.rint(255 * probabilities[..., inside]).astype(np.uint8)]
        coloured[~images.tissue[..., inside]] = 0
        framed = np.zeros((*images.shape[:2], 3), np.uint8)
        framed[images.box[0], images.box[1]] = coloured
        flat = framed[images.frame[0], images.frame[1]].transpose(1, 0, 2)[::-1, ::-1]
        return self._enlarged(np.ascontiguousarray(flat))

    def _flat(self, volume: np.ndarray) -> np.ndarray:
        return self._images.labels(volume, _AXIAL, self._index)

    def _covered(self, parts: dict[str, np.ndarray], opacity: float) -> Image.Image:
        first = next(iter(parts.values()))
        colours = np.zeros((*first.shape, 4), np.uint8)
        for colour, mask in parts.items():
            colours[mask] = (*bytes.fromhex(colour[1:]), round(255 * opacity))
        overlay = self._enlarged(colours)
        return self._lettered(Image.alpha_composite(self._grey.convert("RGBA"), overlay))

    def _lettered(self, picture: Image.Image) -> Image.Image:
        picture = picture.convert("RGB")
        if self._letters:
            side_letters(picture, _AXIAL.sides, _LETTERS)
        return picture

    def _enlarged(self, pixels: np.ndarray) -> Image.Image:
        return Image.fromarray(pixels).resize(self._grey.size, Image.Resampling.NEAREST)
