import numpy as np
import pytest

from training.brain_mask.data.label_maps import GROUPS, TYPICAL, brain_of

SPACING = (2.0, 2.0, 2.0)


def labels() -> np.ndarray:
    """A block of white matter with a furrow, fluid around it, a skull around that."""
    found = np.zeros((40, 40, 40), int)
    found[4:36, 4:36, 4:36] = 515
    found[6:34, 6:34, 6:34] = 24
    found[10:30, 10:30, 10:30] = 2
    found[19:21, 18:30, 10:30] = 24
    return found


def test_furrows_are_brain_and_so_is_the_fluid_next_to_it():
    brain = brain_of(labels(), SPACING)
    assert brain[20, 25, 20]
    assert brain[9, 20, 20]
    assert not brain[7, 20, 20]


def test_nothing_beyond_the_skull_is_brain():
    brain = brain_of(labels(), SPACING)
    assert not brain[labels() == 515].any()
    assert not brain[labels() == 0].any()


def test_the_spinal_cord_is_not_brain():
    found = labels()
    found[20, 20, 0:4] = 512
    assert not brain_of(found, SPACING)[20, 20, :4].any()


def test_every_group_has_a_look_in_each_sequence():
    assert TYPICAL.shape == (3, len(GROUPS))
    csf, white = GROUPS.index("csf"), GROUPS.index("white")
    t1, t2, flair = TYPICAL
    assert t1[csf] < t1[white]
    assert t2[csf] > t2[white]
    assert flair[csf] < flair[white]


@pytest.mark.parametrize("group", ["bone", "air"])
def test_bone_and_air_are_dark(group):
    assert (TYPICAL[:, GROUPS.index(group)] < 0.2).all()
