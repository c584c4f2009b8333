import numpy as np
import pytest

from common.vocabulary import MODALITIES
from synthetic import make_case
from tests.conftest import SMALL
from training.cards.synthetic_cases import fade, synthetic_cases


@pytest.fixture(scope="module")
def case():
    return make_case(shape=SMALL, seed=3)


def _contrast(case, modality):
    channel = case.volume[MODALITIES.index(modality)].astype(float)
    brain = (case.volume[0] > 0) & (case.truth == 0)
    return np.median(channel[case.truth > 0]) - np.median(channel[brain])


@pytest.mark.parametrize("modality", ["t1c", "flair"])
def test_a_faded_tumour_keeps_a_share_of_its_contrast(case, modality):
    faded = fade(case, 0.3)
    assert _contrast(faded, modality) == pytest.approx(0.3 * _contrast(case, modality), abs=1.5)


def test_the_brain_and_the_other_modalities_stay(case):
    faded = fade(case, 0.3)
    assert np.array_equal(faded.volume[:, case.truth == 0], case.volume[:, case.truth == 0])
    for modality in ("t1", "t2"):
        index = MODALITIES.index(modality)
        assert np.array_equal(faded.volume[index], case.volume[index])


def test_every_case_has_its_truth_and_a_name_that_says_synthetic():
    cases = list(synthetic_cases(shape=SMALL))
    assert len({case.name for case in cases}) == 4
    assert all(case.name.startswith("synthetic") for case in cases)
    assert all(case.truth.any() for case in cases)
    assert not np.array_equal(cases[0].truth, cases[1].truth)
