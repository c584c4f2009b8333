"""Pictures of what a model looked at: a slice, the map over it, and the outline it drew."""

from typing import Final

import numpy as np
from PIL import Image
from scipy import ndimage

from report.drawing.images import Images
from report.drawing.planes import PLANES
from viewer.colour_maps import MAGMA, colour_table

OUTLINE: Final = "#56B4E9"
_WIDTH: Final = 560
# The darkest of the map lets the slice through, the brightest nearly covers it.
_MOST_OPAQUE: Final = 0.7
_LINE: Final = 2


def explanation_picture(
    images: Images, modality: str, index: int, heat: np.ndarray | None, mask: np.ndarray
) -> Image.Image:
    """An axial slice with a map over it, the patient's right on the left.

    Args:
        images: The greys of the case.
        modality: The image below.
        index: The slice.
        heat: (H, W) uint8 inside the box of the case; None for none.
        mask: (H, W) bool likewise: what is outlined.
    """
    plane = PLANES["axial"]
    greys = images.greys(modality, plane, index)
    tall, wide = plane.pixel_mm(images.spacing)
    size = (_WIDTH, round(_WIDTH * greys.shape[0] * tall / (greys.shape[1] * wide)))
    picture = Image.fromarray(greys).resize(size, Image.Resampling.BICUBIC).convert("RGB")
    if heat is not None:
        picture = _under(picture, Image.fromarray(_framed(heat, images)).resize(size))
    return _outlined(picture, _framed(mask, images))


def _framed(flat: np.ndarray, images: Images) -> np.ndarray:
    """What lies inside the box, in the frame that a picture covers; both as looked at."""
    (across, up, _), (wide, high, _) = images.box, images.frame
    rows = high.stop - up.stop, up.start - high.start
    columns = wide.stop - across.stop, across.start - wide.start
    return np.pad(flat, (rows, columns))


def _under(picture: Image.Image, heat: Image.Image) -> Image.Image:
    values = np.asarray(heat)
    coloured = Image.fromarray(colour_table(MAGMA)[values])
    opacity = Image.fromarray(np.rint(_MOST_OPAQUE * values).astype(np.uint8))
    return Image.composite(coloured, picture, opacity)


def _outlined(picture: Image.Image, mask: np.ndarray) -> Image.Image:
    large = np.asarray(Image.fromarray(mask).resize(picture.size, Image.Resampling.NEAREST))
    edge = large & ~ndimage.binary_erosion(large, iterations=_LINE)
    pixels = np.array(picture)
    pixels[edge] = tuple(bytes.fromhex(OUTLINE[1:]))
    return Image.fromarray(pixels)
