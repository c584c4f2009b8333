"""Whether what lies on the desk has to be prepared before the models see it."""

from typing import Final

from common.vocabulary import MODALITY_NAMES
from workspace.desk.desk import ROLES, Desk, Row, grid_differences, reference

# As of inference.preparation.decision: fewer are no head to be laid on another.
_FEWEST_SLICES: Final = 8


def why_prepare(on: Desk) -> str | None:
    """Why the images should be prepared, as a sentence; None where they need not or cannot be.

    Raises:
        InputError: as of :func:`workspace.desk.desk.grid_differences`.
    """
    images = [row for row in on.used if row.role in MODALITY_NAMES]
    if not images or not all(map(_is_volume, images)):
        return None
    differences = grid_differences(on)
    if differences:
        names = "; ".join(f"{name} has {difference}" for name, difference in differences)
        return f"The files lie on different grids: {names}."
    skulls = [ROLES[row.role] for row in images if "skull" in row.image.concerns]
    return f"The skull is on in {', '.join(skulls)}." if skulls else None


def returns_to(on: Desk) -> str:
    """The image whose grid the answer returns to."""
    return reference(on).title


def _is_volume(row: Row) -> bool:
    return row.image.size_known and min(row.image.grid.shape) >= _FEWEST_SLICES
