from dataclasses import replace

import numpy as np
import pytest

from inference.preparation.template import grid_of
from training.data.patients import read_any
from training.data.volume.carvemix import carved_in, carved_region, donors_among
from training.data.volume.copies import changed_copy
from training.volume_config import VolumeConfig

CONFIG, WHICH = VolumeConfig(copies=1, carvemix=1.0), (0, 0)
EVEN = np.ones(3)


def random(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def cases(data_folder):
    """Two patients on one grid; of the second the brain is darker and its signal half."""
    one, other = (read_any(data_folder, name) for name in ("a", "b"))
    other = replace(other, volume=np.where(other.volume != 0, other.volume / 2 - 3, 0))
    return [replace(case, grid=grid_of(case.shape, np.eye(4))) for case in (one, other)]


@pytest.fixture
def donors(cases):
    by_name = {case.name: case for case in cases}
    return donors_among([list(by_name)], by_name.__getitem__)


def test_labels_come_with_their_voxels(cases):
    case, donor = cases
    volume, truth = carved_in(case, donor, random())
    changed = (volume != case.volume).any(axis=0)
    assert changed.any()
    np.testing.assert_array_equal(truth[changed], donor.truth[changed])
    np.testing.assert_array_equal(truth[~changed], case.truth[~changed])
    assert volume.dtype == np.float32
    assert truth.dtype == case.truth.dtype


def test_nothing_is_put_outside_of_either_brain(cases):
    case, donor = cases
    half = donor.volume.copy()
    half[:, : donor.truth.any(axis=(1, 2)).argmax() + 2] = 0  # the brain ends within the lesion
    for seed in range(6):
        volume, _ = carved_in(case, replace(donor, volume=half), random(seed))
        np.testing.assert_array_equal(volume != 0, case.volume != 0)
        changed = (volume != case.volume).any(axis=0)
        assert not (changed & ~(half != 0).any(axis=0)).any()


def test_intensities_are_brought_to_the_brain_they_come_to(cases):
    """The same scan at another scale and offset puts the same voxels in."""
    case, donor = cases
    louder = replace(donor, volume=np.where(donor.volume != 0, 7 * donor.volume + 500, 0))
    expected, _ = carved_in(case, donor, random())
    found, _ = carved_in(case, louder, random())
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=0.05)


def test_what_is_carved_is_within_the_bounds():
    lesion = np.zeros((25, 25, 25), bool)
    lesion[8:17, 8:17, 8:17] = True  # 5 mm deep
    sizes = np.array([carved_region(lesion, EVEN, random(seed)).sum() for seed in range(80)])
    assert 0.35 < np.mean(sizes <= lesion.sum()) < 0.65
    assert sizes.min() >= 5**3
    assert sizes.max() <= 19**3
    assert len(set(sizes.tolist())) > 10


def test_distances_are_in_millimetres():
    """With slices of 5 mm the next one is farther than any threshold."""
    lesion = np.zeros((15, 15, 9), bool)
    lesion[6:9, 6:9, 4] = True
    carved = [carved_region(lesion, np.array([1.0, 1.0, 5.0]), random(n)) for n in range(50)]
    assert any(each.sum() > lesion.sum() for each in carved)
    assert all(each.any(axis=(0, 1)).sum() == 1 for each in carved)


def test_a_copy_is_the_same_whenever_it_is_asked_for(cases, donors):
    case, _ = cases
    first, again = (changed_copy(case, CONFIG, WHICH, donors) for _ in range(2))
    np.testing.assert_array_equal(first.volume, again.volume)
    np.testing.assert_array_equal(first.truth, again.truth)
    assert first.name == again.name
    assert (first.truth != case.truth).any()


def test_who_has_no_like_stays_as_they_are(cases, donors):
    case, other = cases
    thick = replace(other, grid=grid_of(other.shape, np.diag([1.0, 1.0, 5.0, 1.0])))
    whole_alone = replace(other, truth_regions=("wt",))
    without = replace(other, present=other.present[1:])
    healthy = replace(other, truth=np.zeros_like(other.truth))
    for unlike in (thick, whole_alone, without, healthy):
        by_name = {case.name: case, other.name: unlike}
        found = donors_among([list(by_name)], by_name.__getitem__)
        copy = changed_copy(case, CONFIG, WHICH, found)
        np.testing.assert_array_equal(copy.volume, case.volume)


def test_a_donor_is_of_the_same_group(cases):
    case, _ = cases
    asked = []

    def read(name):
        asked.append(name)
        return replace(case, name=name)

    donors = donors_among([["a", "c", "d"], ["b"]], read)
    names = {donors(replace(case, name="a"), random(seed)).name for seed in range(20)}
    assert names == {"c", "d"}
    assert donors(replace(case, name="b"), random()) is None
    assert donors(replace(case, name="of no group"), random()) is None
    assert set(asked) == {"c", "d"}


def test_copies_without_it_are_what_they_were(cases):
    case, _ = cases
    config = VolumeConfig(copies=1, histogram=1.0)
    assert "carvemix" not in repr(config)
    named = changed_copy(case, config, WHICH).name
    assert named != changed_copy(case, replace(config, carvemix=0.5), WHICH).name
