"""The surfaces of the open case, made once for each content and kept for all visitors."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from common.colours import LABEL_COLOURS
from common.vocabulary import LABEL_NAMES, OEDEMA, REGION_NAMES
from report.drawing.images import Images
from scene.bodies import (
    BRAIN_COLOUR,
    brain_surface,
    brain_triangles,
    part_surface,
    part_triangles,
)
from scene.figure import Body
from scene.surface import Surface
from workspace.case_results.case_record import images_of
from workspace.jobs.result_cache import ResultCache
from workspace.open_case import OpenCase

# The key of a case says nothing of where it lies: its affine belongs to that of a surface.
_brains: Final = ResultCache(16)
_parts: Final = ResultCache(96)
_OVERLAID_OPACITY = 0.45
# The oedema lies around the rest, and would hide it.
_PART_OPACITY = {OEDEMA: 0.35}


def beside_each_other(
    opened: OpenCase,
    label_maps: Mapping[str, np.ndarray],
    parts: Sequence[int],
    brain_opacity: float,
) -> dict[str, list[Body]]:
    """A scene for each label map: the parts of its tumour, inside the brain."""
    most = part_triangles(len(label_maps) * len(LABEL_NAMES))
    brain = _brain_body(opened, len(label_maps), brain_opacity)
    return {
        name: [*_part_bodies(opened, name, labels, parts, most), *brain]
        for name, labels in label_maps.items()
    }


def overlaid(
    opened: OpenCase,
    label_maps: Sequence[tuple[str, str, str, np.ndarray]],
    region: str,
    brain_opacity: float,
) -> list[Body]:
    """One scene with the same region of every label map, each in the colour of its model.

    Args:
        opened: The case.
        label_maps: Name, title, colour and label map of each.
        region: One of ``REGIONS``.
        brain_opacity: From 0 to 1.
    """
    most = part_triangles(len(label_maps))
    made = [
        Body(f"{title}: {REGION_NAMES[region].lower()}", colour, _OVERLAID_OPACITY, surface)
        for name, title, colour, labels in label_maps
        if (surface := _part(opened.key, name, region, most, labels, _affine(opened)))
    ]
    return [*made, *_brain_body(opened, 1, brain_opacity)]


def _part_bodies(
    opened: OpenCase, name: str, labels: np.ndarray, parts: Sequence[int], most: int
) -> list[Body]:
    surfaces = {
        part: _part(opened.key, name, part, most, labels, _affine(opened)) for part in parts
    }
    return [
        Body(LABEL_NAMES[part], LABEL_COLOURS[part], _PART_OPACITY.get(part, 1.0), surface)
        for part, surface in surfaces.items()
        if surface is not None
    ]


def _brain_body(opened: OpenCase, panels: int, opacity: float) -> list[Body]:
    if not opacity:
        return []
    surface = _brain(opened.key, brain_triangles(panels), images_of(opened), _affine(opened))
    return [Body("Brain", BRAIN_COLOUR, opacity, surface)] if surface else []


def _affine(opened: OpenCase) -> np.ndarray:
    return opened.case.grid.ras_affine


def _brain(key: str, most: int, images: Images, affine: np.ndarray) -> Surface | None:
    place = (key, most, affine.tobytes())
    return _brains.get(place, lambda: brain_surface(images, affine, most))


def _part(
    key: str, name: str, part: int | str, most: int, labels: np.ndarray, affine: np.ndarray
) -> Surface | None:
    place = (key, name, part, most, affine.tobytes())
    return _parts.get(place, lambda: part_surface(labels, part, affine, most))
