"""Contours, filled again pixel by pixel, give the mask back."""

import numpy as np
import pytest
from scipy import ndimage
from skimage.draw import polygon2mask

from inference.dicom_objects.description.contours import plane_contours


def filled(mask, *, rule):
    """What a reader fills that joins contours by a rule."""
    found = np.zeros_like(mask)
    for outline in plane_contours(mask):
        found = rule(found, polygon2mask(mask.shape, outline))
    return found


@pytest.mark.parametrize("rule", [np.logical_or, np.logical_xor])
@pytest.mark.parametrize("smoothness", [0.4, 1.0, 2.5])
def test_what_is_filled_is_the_mask_whichever_rule_fills_it(rule, smoothness):
    random = np.random.default_rng(1)
    for share in (0.3, 0.5, 0.8):
        noise = ndimage.gaussian_filter(random.normal(size=(40, 50)), smoothness)
        mask = noise > np.quantile(noise, share)
        assert np.array_equal(filled(mask, rule=rule), mask)


def test_holes_in_a_row_are_joined_to_one_outline():
    mask = np.zeros((9, 30), bool)
    mask[1:8, 1:29] = True
    mask[4, 3:28:4] = False
    [outline] = plane_contours(mask)
    assert np.array_equal(polygon2mask(mask.shape, outline), mask)


def test_an_island_in_a_hole_is_a_contour_of_its_own():
    mask = np.zeros((11, 11), bool)
    mask[1:10, 1:10] = True
    mask[3:8, 3:8] = False
    mask[5, 5] = True
    assert len(list(plane_contours(mask))) == 2
    assert np.array_equal(filled(mask, rule=np.logical_or), mask)


def test_a_pixel_and_a_mask_at_the_edge_have_contours():
    mask = np.zeros((4, 5), bool)
    mask[0, 0] = mask[2:, 3:] = True
    outlines = sorted(plane_contours(mask), key=len)
    assert [len(outline) for outline in outlines] == [4, 8]
    assert np.array_equal(filled(mask, rule=np.logical_or), mask)


def test_no_point_lies_on_a_straight_line_between_others():
    mask = np.zeros((30, 30), bool)
    mask[3:25, 4:27] = True
    [outline] = plane_contours(mask)
    assert len(outline) == 8
