"""Trained tensors by the names that PyTorch gives them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

_EPSILON = 1e-5  # of PyTorch's normalisations


@dataclass(frozen=True, eq=False)
class Weights:
    """Tensors whose names begin with ``prefix``.

    Args:
        tensors: All of a model, by name; what is taken is counted in ``taken``.
        prefix: Of the part of the model, with a dot at its end.
        taken: The names of those that were taken.
    """

    tensors: Mapping[str, np.ndarray]
    taken: set[str]
    prefix: str = ""

    def __getitem__(self, part: str | int) -> "Weights":
        """The tensors of a part, by its name or number."""
        return Weights(self.tensors, self.taken, f"{self.prefix}{part}.")

    def __contains__(self, part: str | int) -> bool:
        return any(name.startswith(f"{self.prefix}{part}.") for name in self.tensors)

    def parts(self) -> "list[Weights]":
        """The parts that are numbered from 0, in order."""
        count = 0
        while count in self:
            count += 1
        return [self[number] for number in range(count)]

    def array(self, name: str) -> np.ndarray:
        """A tensor of this part in float32.

        Raises:
            KeyError: where there is none of this name.
        """
        whole = self.prefix + name
        self.taken.add(whole)
        return self.tensors[whole].astype(np.float32)

    def optional(self, name: str) -> np.ndarray | None:
        """The same, None where there is none."""
        return self.array(name) if self.prefix + name in self.tensors else None

    def scale_and_shift(self) -> tuple[np.ndarray, np.ndarray]:
        """What batch normalisation multiplies by and adds, once trained; (C,) each."""
        scale = self.array("weight") / np.sqrt(self.array("running_var") + _EPSILON)
        self.taken.add(f"{self.prefix}num_batches_tracked")
        return scale, self.array("bias") - self.array("running_mean") * scale
