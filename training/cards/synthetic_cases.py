"""Synthetic cases for pictures that may be shown to anyone: some plain, one of them hard."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from synthetic import SyntheticCase, make_case, write_case

_FULL_SIZE = (240, 240, 155)
# The seed of the sample case that comes with the app stands first.
_PLAIN_SEEDS = (0, 1, 2)
_FAINT_SEED = 3
_FADED = ("t1c", "flair")
_LEFT_OF_CONTRAST = 0.3


def synthetic_cases(*, shape: tuple[int, int, int] = _FULL_SIZE) -> Iterator[Case]:
    """Cases with truth, read from files as any case is.

    The last is faint: in T1c and FLAIR, 70 % of what sets its tumour apart from the brain is gone.
    """
    for seed in _PLAIN_SEEDS:
        yield _read(make_case(shape=shape, seed=seed), f"synthetic_{seed}")
    faint = fade(make_case(shape=shape, seed=_FAINT_SEED), _LEFT_OF_CONTRAST)
    yield _read(faint, f"synthetic_{_FAINT_SEED}_faint")


def fade(case: SyntheticCase, share: float) -> SyntheticCase:
    """The same case, whose tumour keeps only a share of its contrast in T1c and FLAIR."""
    tumour, brain = case.truth > 0, (case.volume[0] > 0) & (case.truth == 0)
    volume = case.volume.copy()
    for name in _FADED:
        channel = volume[MODALITIES.index(name)]
        middle = float(np.median(channel[brain]))
        faded = middle + share * (channel[tumour] - middle)
        channel[tumour] = np.clip(np.rint(faded), 1, 255).astype(np.uint8)
    return SyntheticCase(volume, case.truth, case.affine)


def _read(case: SyntheticCase, name: str) -> Case:
    with tempfile.TemporaryDirectory() as folder:
        write_case(case, Path(folder) / name)
        with open_cases([Path(folder) / name]) as (files,):
            return read_case(files)
