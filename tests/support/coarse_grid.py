"""Heads prepared on a grid of 2 mm over the same place, with an eighth of the voxels."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from inference.preparation import template

_SHAPE = (120, 120, 78)
_AFFINE = np.array([[-2.0, 0, 0, -0.5], [0, -2.0, 0, 238.5], [0, 0, 2.0, 0.5], [0, 0, 0, 1.0]])


@contextmanager
def coarse_grid() -> Iterator[None]:
    """Have ``working_grid`` give that grid."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(template, "_WORKING_SHAPE", _SHAPE)
        patch.setattr(template, "_WORKING_AFFINE", _AFFINE)
        yield
