"""A small picture inside a page's HTML: a PNG in a ``data:`` address."""

import base64
import io
from typing import Final

import numpy as np
from PIL import Image

_WINDOW_PERCENTILES: Final = (1.0, 99.5)


def inline_picture(
    pixels: np.ndarray,
    *,
    longest: int,
    pixel_mm: tuple[float, float] = (1.0, 1.0),
    sharp: bool = False,
) -> str:
    """The address of a picture in its true proportions.

    Args:
        pixels: (H, W) or (H, W, 3) uint8.
        longest: Pixels along its longer side.
        pixel_mm: Height and width of a pixel.
        sharp: Whether pixels keep their values, as labels must.
    """
    tall, wide = (n * mm for n, mm in zip(pixels.shape[:2], pixel_mm, strict=True))
    scale = longest / max(tall, wide)
    size = (max(1, round(wide * scale)), max(1, round(tall * scale)))
    how = Image.Resampling.NEAREST if sharp else Image.Resampling.BILINEAR
    stream = io.BytesIO()
    Image.fromarray(pixels).resize(size, how).save(stream, "PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def windowed(values: np.ndarray) -> np.ndarray:
    """Values as uint8 greys, clipped at the darkest 1 % and the brightest .5 %."""
    low, high = np.percentile(values, _WINDOW_PERCENTILES)
    share = (values - low) / max(float(high - low), 1e-6)
    return (np.clip(share, 0, 1) * 255).astype(np.uint8)
