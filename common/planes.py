"""The three planes a volume in RAS+ order is cut in, by its axes."""

from typing import Final, NamedTuple

AXIAL: Final = "axial"


class Axes(NamedTuple):
    """The axes of a plane.

    Args:
        normal: The axis that runs through its slices.
        across: The axis along a row.
        up: The axis up a column.
    """

    normal: int
    across: int
    up: int


# The slices that the files hold come first.
PLANES: Final = {AXIAL: Axes(2, 0, 1), "coronal": Axes(1, 0, 2), "sagittal": Axes(0, 1, 2)}
