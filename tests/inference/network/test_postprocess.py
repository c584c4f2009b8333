import numpy as np
import pytest

from inference.network.postprocess import (
    draw_labels,
    draw_regions,
    is_core_estimated,
    thresholds,
    without_specks,
)

SHAPE = (40, 40, 30)


def tumour(*, enhancing_width: int) -> np.ndarray:
    """Probabilities of a block of tumour, its core faint, with an enhancing slab of this width."""
    probabilities = np.zeros((3, *SHAPE), np.float16)
    probabilities[0, 5:35, 5:35, 5:25] = 0.3
    probabilities[0, 10:30, 10:30, 5:25] = 0.9
    probabilities[1, 12:28, 12:28, 5:25] = 0.15
    enhancing = np.s_[12 : 12 + enhancing_width, 12:28, 5:25]
    probabilities[(1, *enhancing)] = probabilities[(2, *enhancing)] = 0.9
    return probabilities


def volumes(regions: np.ndarray) -> list[int]:
    return [int(region.sum()) for region in regions]


def test_a_tumour_that_enhances_is_drawn_at_one_half():
    probabilities = tumour(enhancing_width=10)
    assert thresholds(probabilities) == (0.5, 0.5, 0.5)
    assert volumes(draw_regions(probabilities)) == [20 * 20 * 20, 10 * 16 * 20, 10 * 16 * 20]


def test_in_one_that_hardly_enhances_the_likeliest_part_is_core():
    probabilities = tumour(enhancing_width=0)
    probabilities[0, 5:35, 5:35, 5:25] = 0.9
    ramp = np.linspace(0.001, 0.009, 30, dtype=np.float16)
    probabilities[1, 5:35, 5:35, 5:25] = ramp[:, None, None]
    probabilities[2, 20, 20, 10] = 0.4
    whole, core, enhancing = draw_regions(probabilities)
    assert volumes([whole, core, enhancing]) == [30 * 30 * 20, 12 * 30 * 20, 0]
    assert core[34].any(), "the core is where it is likeliest"
    assert not core[5].any()


def test_how_low_the_core_s_probability_is_there_does_not_matter():
    """Networks are sure to different degrees; how much of such a tumour is core is not theirs."""
    probabilities = tumour(enhancing_width=0)
    probabilities[1, 10:30, 10:30, 5:25] = np.linspace(0.1, 0.4, 20, dtype=np.float16)[
        :, None, None
    ]
    less = probabilities.copy()
    less[1] /= 64
    np.testing.assert_array_equal(draw_regions(less)[1], draw_regions(probabilities)[1])


def test_a_core_drawn_by_its_share_is_known_to_be_an_estimate():
    faint = tumour(enhancing_width=0)
    assert is_core_estimated(faint)
    assert not is_core_estimated(faint, regions=("wt",))
    assert not is_core_estimated(tumour(enhancing_width=10))
    faint[1, 10:30, 10:30, 5:25] = 0.9
    assert not is_core_estimated(faint), "that core is the model's own"


def test_a_core_that_is_probable_is_drawn_however_large_its_share():
    probabilities = tumour(enhancing_width=0)
    probabilities[1, 10:30, 10:30, 5:25] = 0.9
    assert volumes(draw_regions(probabilities))[1] == 20 * 20 * 20


def test_one_that_hardly_enhances_needs_less_probability_for_the_whole():
    probabilities = tumour(enhancing_width=0)
    probabilities[0, 5:35, 5:35, 5:25] = np.maximum(probabilities[0, 5:35, 5:35, 5:25], 0.4)
    assert volumes(draw_regions(probabilities))[0] == 30 * 30 * 20


def test_a_few_voxels_that_enhance_are_not_drawn_as_enhancing_and_stay_core():
    probabilities = tumour(enhancing_width=0)
    probabilities[1:, 20, 20, 6:24] = 0.9
    _, core, enhancing = draw_regions(probabilities)
    assert not enhancing.any()
    assert core[20, 20, 6:24].all()
    probabilities[1:, 19:21, 19:21, 6:24] = 0.9
    assert draw_regions(probabilities)[2].sum() == 2 * 2 * 18


def test_a_few_slices_do_not_show_how_much_of_a_tumour_enhances():
    probabilities = tumour(enhancing_width=0)
    assert thresholds(probabilities) != (0.5, 0.5, 0.5)
    assert thresholds(probabilities[..., 10:11]) == (0.5, 0.5, 0.5)


def test_no_tumour_at_all_stays_none():
    assert not draw_regions(np.zeros((3, *SHAPE), np.float16)).any()
    assert not draw_regions(np.full((3, *SHAPE), 0.05, np.float16)).any()


def test_specks_go_and_a_second_tumour_stays():
    mask = np.zeros(SHAPE, bool)
    mask[2:12, 2:12, 2:12] = True
    mask[20:26, 20:26, 20:26] = True
    tumours = mask.copy()
    mask[35:37, 35:37, 20:22] = True
    mask[0, 0, 29] = True
    np.testing.assert_array_equal(without_specks(mask), tumours)


@pytest.mark.parametrize(("slices", "kept"), [(30, False), (10, True)])
def test_in_a_few_slices_a_small_piece_may_hang_together_with_the_large_one(slices, kept):
    probabilities = np.zeros((3, *SHAPE[:2], slices), np.float16)
    probabilities[0, 2:12, 2:12, 2:7] = probabilities[0, 20:25, 20:25, 2:3] = 0.9
    assert draw_regions(probabilities)[0, 20:25, 20:25].any() == kept


def test_pieces_that_touch_at_a_corner_are_one():
    mask = np.zeros(SHAPE, bool)
    mask[2:12, 2:12, 2:12] = True
    mask[12, 12, 12] = True
    np.testing.assert_array_equal(without_specks(mask), mask)


def test_specks_go_from_every_region():
    probabilities = tumour(enhancing_width=10)
    probabilities[1:, 25, 25, 10] = 0.9
    assert volumes(draw_regions(probabilities)) == [20 * 20 * 20, 10 * 16 * 20, 10 * 16 * 20]


def test_a_mask_is_not_changed_in_place_and_an_empty_one_stays_empty():
    mask = np.zeros(SHAPE, bool)
    assert not without_specks(mask).any()
    mask[5:9, 5:9, 5:9] = mask[30, 30, 3] = True
    before = mask.copy()
    without_specks(mask)
    np.testing.assert_array_equal(mask, before)


@pytest.mark.parametrize("seed", range(3))
def test_regions_are_nested(seed):
    probabilities = np.random.default_rng(seed).random((3, 30, 30, 30)).astype(np.float16)
    whole, core, enhancing = draw_regions(probabilities)
    assert not (core & ~whole).any()
    assert not (enhancing & ~core).any()
    labels = draw_labels(probabilities)
    np.testing.assert_array_equal(labels > 0, whole)
    np.testing.assert_array_equal(labels == 3, enhancing)
