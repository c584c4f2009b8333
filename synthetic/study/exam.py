"""A whole exam as arrays, before it becomes files."""

from dataclasses import dataclass

import numpy as np

from synthetic.skull import Head
from synthetic.study.acquire import acquire, diffusion
from synthetic.study.planes import Stack
from synthetic.study.protocol import ADC, ANATOMY, LOCALISER, Sequence


@dataclass(frozen=True)
class Series:
    """What one sequence showed.

    Args:
        sequence: The sequence.
        volumes: Each stack with its (columns, rows, slices) uint16 stored values.
    """

    sequence: Sequence
    volumes: tuple[tuple[Stack, np.ndarray], ...]


def examine(head: Head, *, seed: int) -> dict[str, Series]:
    """Put a head through the scanner: localiser, T1, T2, FLAIR, ADC, T1c in the order of time."""
    every = sorted((LOCALISER, *ANATOMY, ADC), key=lambda sequence: sequence.start)
    return {sequence.key: _series(head, sequence, seed=seed) for sequence in every}


def _series(head: Head, sequence: Sequence, *, seed: int) -> Series:
    if sequence is ADC:
        return Series(sequence, tuple((s, diffusion(head, sequence, s)) for s in sequence.stacks))
    return Series(
        sequence, tuple((s, acquire(head, sequence, s, seed=seed)) for s in sequence.stacks)
    )
