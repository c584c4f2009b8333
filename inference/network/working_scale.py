"""How the slices of a case are brought to the scale that the networks learned at: 1 mm."""

from dataclasses import dataclass

# The networks learned from voxels of 1 mm; sizes close to it make no difference to them.
LEARNED_MM = 1.0
NEAR_MM = (0.8, 1.25)


@dataclass(frozen=True)
class Sampling:
    """What the size of a case's voxels requires.

    Args:
        size: (height, width) in pixels that brings its slices to about 1 mm a pixel; None where
            they have it. Networks that work at one size of their own need none.
        slice_mm: From one slice to the next; None where that is not known.
    """

    size: tuple[int, int] | None = None
    slice_mm: float | None = LEARNED_MM

    @property
    def is_as_learned(self) -> bool:
        """Whether voxels are about 1 mm on every side."""
        least, most = NEAR_MM
        return self.size is None and self.slice_mm is not None and least <= self.slice_mm <= most

    def offsets(self, neighbours: tuple[int, ...]) -> tuple[int, ...]:
        """A network's neighbours as offsets in this case's slices, the nearest there are.

        Where slices are far apart, or nobody knows how far, each stands in for its neighbours: the
        next one would show another place than those the network learned from.
        """
        if self.slice_mm is None:
            return (0,) * len(neighbours)
        return tuple(round(each * LEARNED_MM / self.slice_mm) for each in neighbours)


AS_LEARNED = Sampling()
