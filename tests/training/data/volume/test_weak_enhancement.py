import numpy as np
import pytest

from common.vocabulary import ENHANCING_TUMOUR, MODALITIES, NECROTIC_CORE, OEDEMA
from training.data.volume.weak_enhancement import weakly_enhancing

T1, T1C = MODALITIES.index("t1"), MODALITIES.index("t1c")
SPACING = np.ones(3)


@pytest.fixture
def scan():
    """A ball of a brain with a dark core in a rim that is bright on T1c, in oedema."""
    x, y, z = np.ogrid[:40, :40, :40]
    radius = np.sqrt((x - 20.0) ** 2 + (y - 20.0) ** 2 + (z - 20.0) ** 2)
    truth = np.zeros((40, 40, 40), np.uint8)
    for size, label in ((12, OEDEMA), (7, ENHANCING_TUMOUR), (4, NECROTIC_CORE)):
        truth[radius < size] = label
    random = np.random.default_rng(0)
    volume = random.normal(100, 10, (4, 40, 40, 40)).astype(np.float32)
    volume[T1C] = 3 * volume[T1]  # another scale, and no contrast
    volume[T1C][truth == ENHANCING_TUMOUR] += 200
    volume[:, radius >= 18] = 0
    return volume, truth


def test_a_share_of_what_stands_out_is_left(scan):
    volume, truth = scan
    rim = truth == ENHANCING_TUMOUR
    for left in (0.0, 0.25, 1.0):
        weaker = weakly_enhancing(volume, truth, SPACING, left)
        above = (weaker[T1C] - 3 * volume[T1])[rim]
        np.testing.assert_allclose(above, 200 * left, atol=2)


def test_nothing_but_t1c_near_the_rim_changes(scan):
    volume, truth = scan
    before = volume.copy()
    weaker = weakly_enhancing(volume, truth, SPACING, 0.1)
    np.testing.assert_array_equal(volume, before)
    others = [index for index in range(len(MODALITIES)) if index != T1C]
    np.testing.assert_array_equal(weaker[others], volume[others])
    assert (weaker[T1C] <= volume[T1C]).all()
    assert ((weaker != 0) == (volume != 0)).all()
    x, y, z = np.ogrid[:40, :40, :40]
    far = (x - 20) ** 2 + (y - 20) ** 2 + (z - 20) ** 2 > 14**2
    np.testing.assert_array_equal(weaker[T1C][far], volume[T1C][far])


def test_what_is_bright_around_the_label_fades_with_it(scan):
    """The rim is brighter than its label shows, and a step at the label would give it away."""
    volume, truth = scan
    glow = np.zeros_like(truth, bool)
    glow[28, 20, 20] = True  # 1 mm outside of the label
    volume[T1C][glow] += 200
    weaker = weakly_enhancing(volume, truth, SPACING, 0.0)
    assert (weaker[T1C][glow] < 3 * volume[T1][glow] + 5).all()


@pytest.mark.parametrize("missing", [T1, T1C])
def test_without_t1_or_t1c_nothing_changes(scan, missing):
    volume, truth = scan
    volume[missing] = 0
    np.testing.assert_array_equal(weakly_enhancing(volume, truth, SPACING, 0.1), volume)


def test_without_an_enhancing_tumour_nothing_changes(scan):
    volume, truth = scan
    truth[truth == ENHANCING_TUMOUR] = NECROTIC_CORE
    np.testing.assert_array_equal(weakly_enhancing(volume, truth, SPACING, 0.1), volume)
