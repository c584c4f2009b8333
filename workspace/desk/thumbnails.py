"""An image on the desk as a small picture with its facts beside it."""

import html

import numpy as np

from inference.io.inspection import FoundImage
from inference.io.volumes.shrunk_file import sizes_in_mm
from workspace.display.inline_picture import inline_picture

_SIDE = 96
_WINDOW_PERCENTILES = (1.0, 99.5)


def described(title: str, image: FoundImage) -> str:
    """HTML of the picture, the name and the facts; a name can bring no markup of its own."""
    facts = "".join(f"<li>{html.escape(fact)}</li>" for fact in facts_of(image))
    return (
        f'<div class="image-row"><img src="{thumbnail(image)}" alt="Middle slice of '
        f'{html.escape(title, quote=True)}"><div><strong>{html.escape(title)}</strong>'
        f"<ul>{facts}</ul></div></div>"
    )


def facts_of(image: FoundImage) -> list[str]:
    """Size, voxel size and orientation, and the numbers of what could be a truth."""
    if image.size_known:
        stored = image.grid.of_file
        voxels = " × ".join(map(str, stored.shape))
        spacing = " × ".join(f"{size:.3g}" for size in stored.spacing)
        facts = [f"{voxels} voxels", f"{spacing} mm", stored.axis_codes]
        if image.grid.stored:
            facts.insert(2, f"worked on at {sizes_in_mm(image.grid)} mm")
    else:
        slices = image.grid.shape[2]
        facts = [" × ".join(map(str, image.grid.shape[:2])) + " pixels", "size of a pixel unknown"]
        if slices > 1:
            facts.insert(1, f"{slices} slices")
    if image.label_values:
        facts.append("values " + ", ".join(map(str, image.label_values)))
    return facts


def thumbnail(image: FoundImage) -> str:
    """The middle slice as a PNG in a ``data:`` address, in its true proportions."""
    x, y, _ = image.grid.ras_spacing
    sharp = bool(image.label_values)
    return inline_picture(_greys(image), longest=_SIDE, pixel_mm=(y, x), sharp=sharp)


def _greys(image: FoundImage) -> np.ndarray:
    """(H, W) uint8: the tissue from dark to bright, labels from grey to white."""
    preview = image.preview
    tissue = preview[preview != 0]
    if not tissue.size:
        return np.zeros(preview.shape, np.uint8)
    low, high = (0.0, tissue.max()) if image.label_values else _window(tissue)
    share = (preview - low) / max(high - low, 1e-6)
    return np.where(preview != 0, np.clip(share * 255, 0, 255), 0).astype(np.uint8)


def _window(tissue: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(tissue, _WINDOW_PERCENTILES)
    return float(low), float(high)
