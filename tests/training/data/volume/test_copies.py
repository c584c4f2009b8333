from dataclasses import replace

import numpy as np
import pytest

from inference.network.preprocess import prepare
from inference.preparation.template import grid_of
from training.data.patients import read_split
from training.data.slices import build_bank
from training.data.volume.copies import changed_copy, looks_of
from training.volume_config import VolumeConfig

CHANGES = ("thick_slices", "mask_errors", "misalign", "histogram", "bias_field", "weak_enhancement")
WHICH = (0, 0)


@pytest.fixture(scope="module")
def case(data_folder):
    case = next(read_split(data_folder, "train"))
    return replace(case, grid=grid_of(case.shape, np.eye(4)))


def test_off_unless_there_are_copies(case):
    assert list(looks_of(VolumeConfig(thick_slices=1.0), seed=0)(case)) == [(1.0, case)]
    assert list(looks_of(VolumeConfig(), seed=0)(case)) == [(1.0, case)]


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_switched_by_itself(case, change):
    still = changed_copy(case, VolumeConfig(copies=1), WHICH)
    np.testing.assert_array_equal(still.volume, case.volume)
    changed = changed_copy(case, VolumeConfig(copies=1, **{change: 1.0}), WHICH)
    assert (changed.volume != case.volume).any()
    assert changed.volume.dtype == np.float32
    same_mask = ((changed.volume != 0) == (case.volume != 0)).all()
    assert same_mask == (change not in ("mask_errors", "misalign"))
    if change != "mask_errors":
        np.testing.assert_array_equal(changed.truth, case.truth)


def test_a_copy_is_the_same_whenever_it_is_asked_for(case):
    config = VolumeConfig(copies=2, **dict.fromkeys(CHANGES, 0.9))
    first, again = (changed_copy(case, config, WHICH) for _ in range(2))
    np.testing.assert_array_equal(first.volume, again.volume)
    assert first.name == again.name
    others = [
        changed_copy(case, config, (0, 1)),
        changed_copy(case, config, (1, 0)),
        changed_copy(replace(case, name="another"), config, WHICH),
        changed_copy(case, replace(config, misalign=0.8), WHICH),
    ]
    assert len({each.name for each in [first, *others, case]}) == 6
    assert all((each.volume != first.volume).any() for each in others)


def test_the_case_itself_is_left_alone(case):
    before, truth = case.volume.copy(), case.truth.copy()
    changed_copy(case, VolumeConfig(copies=1, **dict.fromkeys(CHANGES, 1.0)), WHICH)
    np.testing.assert_array_equal(case.volume, before)
    np.testing.assert_array_equal(case.truth, truth)


def test_a_chance_is_a_share_of_the_copies(case):
    config = VolumeConfig(copies=1, histogram=0.3)
    copies = (changed_copy(case, config, (seed, 0)) for seed in range(60))
    changed = sum((copy.volume != case.volume).any() for copy in copies)
    assert 8 <= changed <= 28


def test_copies_stand_beside_the_original_in_the_bank(case):
    """Each normalised by itself, as a scan with that mask and those slices would be."""
    config = VolumeConfig(copies=2, share=0.4, mask_errors=1.0, thick_slices=1.0)
    bank = build_bank([case], looks=looks_of(config, seed=3))
    shares = [bank.weights[bank.stacks == stack].sum().item() for stack in range(3)]
    assert shares == pytest.approx([0.6, 0.2, 0.2], rel=1e-4)
    for stack, expected in enumerate([case, *(changed_copy(case, config, (3, n)) for n in (0, 1))]):
        own = bank.slices[bank.stacks == stack]
        assert own.sum().item() == pytest.approx(float(prepare(expected).slices.sum()), abs=0.5)
    assert (bank.patients == 0).all()


@pytest.mark.parametrize("wrong", [{"copies": -1}, {"share": 1.5}, {"misalign": -0.1}])
def test_a_chance_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match=f"volume.{next(iter(wrong))}"):
        VolumeConfig(**wrong)
