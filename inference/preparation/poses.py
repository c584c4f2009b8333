"""How the head lies in every sequence of an examination: measured, never assumed.

Equal headers do not mean an unmoved head: in a real examination T1 and T1c share one header and
lie 8 mm and 9.5° apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from common.threads import ThreadPool
from inference.geometry.native_grid import NativeGrid
from inference.preparation.template import Template

if TYPE_CHECKING:
    from inference.geometry.registration import Motion

# Which sequence the others are laid on, the first that there is: most enhance the same tissue,
# and what is asked for most lies on the T1c.
_REFERENCES = ("t1c", "t1", "flair", "t2")


@dataclass(frozen=True, eq=False)
class Pose:
    """How the head lies in one sequence, against how it lies in the reference.

    Args:
        matrix: (4, 4) from the world of the reference to that of the sequence, in mm.
        shift_mm: How far the centre of the head moved.
        turn_degrees: By how much it turned.
        problem: Why it could not be measured; the header is then believed. None where it was.
    """

    matrix: np.ndarray
    shift_mm: float = 0.0
    turn_degrees: float = 0.0
    problem: str | None = None


def reference_of(modalities: Mapping[str, object]) -> str:
    """The modality that the others are laid on."""
    return next(name for name in _REFERENCES if name in modalities)


def measure_poses(
    brains: Mapping[str, np.ndarray], grids: Mapping[str, NativeGrid]
) -> dict[str, Pose]:
    """Measure how the head lies in every sequence, two at a time.

    Args:
        brains: By modality, (X, Y, Z) float32 in RAS+ order, background 0.
        grids: By modality, its grid.
    """
    # Here: it brings SimpleITK, which a page that shows a case does without.
    from inference.geometry.registration import NotAlignedError, motion_between, picture_of

    reference = reference_of(brains)
    # One after the other: each brain takes far more memory than the picture of it.
    pictures = {modality: picture_of(brains[modality], grids[modality]) for modality in brains}

    def pose(modality: str) -> Pose:
        if modality == reference:
            return Pose(np.eye(4))
        try:
            found = motion_between(pictures[modality], pictures[reference])
            return _pose(found)
        except NotAlignedError as error:
            return Pose(np.eye(4), problem=str(error))

    with ThreadPool(2) as pool:
        return dict(zip(brains, pool.map(pose, brains), strict=True))


def pose_on_template(brain: np.ndarray, grid: NativeGrid, template: Template) -> Pose:
    """How the head lies in the reference, against the template.

    The head is turned and shifted, not stretched: millilitres stay true.

    Args:
        brain: (X, Y, Z) float32 in RAS+ order, background 0.
        grid: Its grid.
        template: What it is laid on.

    Returns:
        A pose whose matrix goes from the world of the template to that of the image.
    """
    from inference.geometry.registration import NotAlignedError, find_motion

    try:
        found = find_motion(
            brain, of=grid, reference=template.image, onto=template.grid, anywhere=True
        )
        return _pose(found)
    except NotAlignedError as error:
        return Pose(_upright(brain, grid, template), problem=str(error))


def _pose(motion: "Motion") -> Pose:
    return Pose(motion.matrix, motion.shift_mm, motion.turn_degrees)


def _upright(brain: np.ndarray, grid: NativeGrid, template: Template) -> np.ndarray:
    """The centres of mass on each other, turned as the header says."""
    matrix = np.eye(4)
    matrix[:3, 3] = _centre(brain, grid) - _centre(template.image, template.grid)
    return matrix


def _centre(image: np.ndarray, grid: NativeGrid) -> np.ndarray:
    index = np.argwhere(image != 0).mean(axis=0)
    centre: np.ndarray = (grid.ras_affine @ np.append(index, 1))[:3]
    return centre
