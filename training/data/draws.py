"""The random numbers of a batch, of which a process may need those of its own part alone."""

from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor

ALL = slice(None)


@dataclass(frozen=True)
class Draws:
    """Draws for every slice of a batch, and gives those of a part.

    So the part of a batch is the same whether one process makes all of it or several share it.

    Args:
        generator: Source of all randomness, on the CPU.
        part: Which slices of the batch are wanted.
        count: How many slices the whole batch has; None where all are wanted.
    """

    generator: Generator
    part: slice = field(default_factory=lambda: ALL)
    count: int | None = None

    def uniform(self, *shape: int) -> Tensor:
        """From 0 to 1; of a shape (n, …) with the n slices of the part."""
        return torch.rand(self._whole(shape), generator=self.generator)[self.part]

    def symmetric(self, *shape: int) -> Tensor:
        """From -1 to 1; of a shape as of :meth:`uniform`."""
        return 2 * self.uniform(*shape) - 1

    def normal(self, *shape: int) -> Tensor:
        """Gaussian, of deviation 1; of a shape as of :meth:`uniform`."""
        return torch.randn(self._whole(shape), generator=self.generator)[self.part]

    def integers(self, below: int, *shape: int) -> Tensor:
        """From 0 on; of a shape as of :meth:`uniform`."""
        return torch.randint(below, self._whole(shape), generator=self.generator)[self.part]

    def _whole(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        return shape if self.count is None else (self.count, *shape[1:])
