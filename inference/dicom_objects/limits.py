"""What an answer cannot be written as for want of memory; importing this costs nothing."""

import math
from collections.abc import Collection
from typing import Final

from common.errors import InputError
from inference.io.format_names import FORMATS, REGIONS, SR

# The regions lie in each other, which takes a mask for each, and highdicom several times as much
# to see it. A report of measurements refers to them.
_OVERLAPPING: Final = frozenset({REGIONS, SR})
MAX_OVERLAPPING_VOXELS: Final = 40_000_000


def check_overlapping(formats: Collection[str], shape: tuple[int, ...], *, name: str) -> None:
    """Refuse regions on a series of very many voxels.

    Args:
        formats: Those that are wanted.
        shape: Of the series' own grid.
        name: What the case is called.

    Raises:
        InputError: where they would take more memory than a server has.
    """
    wanted = [each for each in FORMATS if each in _OVERLAPPING & set(formats)]
    if wanted and math.prod(shape) > MAX_OVERLAPPING_VOXELS:
        raise InputError(
            f"{name} has {' × '.join(map(str, shape))} voxels, too many for "
            f"{' and '.join(wanted)}, whose regions lie in each other; have it written as nifti, "
            "seg or rtstruct (--formats)."
        )
