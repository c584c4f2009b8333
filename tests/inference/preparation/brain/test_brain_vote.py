import numpy as np
import pytest

from inference.preparation.brain.brain_vote import combine_masks


def test_masks_vote_and_half_of_the_votes_are_enough():
    one, two, three = (np.zeros((4, 4, 4), bool) for _ in range(3))
    one[:2], two[:2], three[:3] = True, True, True
    combined = combine_masks([one, two, three])
    assert np.array_equal(combined.mask, one)
    assert combined.agreement == (1.0, 1.0, pytest.approx(0.8))
    assert combined.doubtful == (2,)
    assert combine_masks([one, three]).mask[:3].all()


def test_who_did_not_scan_a_place_has_no_vote_there():
    whole, half, seen = (np.ones((4, 4, 4), bool) for _ in range(3))
    half[2:], seen[2:] = False, False
    combined = combine_masks([whole, half, half], [np.ones_like(seen), seen, seen])
    assert combined.mask.all()
    assert combined.agreement == (1.0, 1.0, 1.0)


def test_nothing_to_combine_is_an_error():
    with pytest.raises(ValueError, match="no masks"):
        combine_masks([])
