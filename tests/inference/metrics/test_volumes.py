import numpy as np
import pytest

from inference.metrics import region_volumes
from inference.metrics.volumes import volume_error


def test_volumes_in_millilitres():
    labels = np.repeat(np.array([0, 1, 2, 3], np.uint8), [5, 1000, 2000, 4000])
    assert region_volumes(labels, 0.001) == pytest.approx({"wt": 7, "tc": 5, "et": 4})
    assert region_volumes(np.zeros(5, np.uint8), 0.001) == {"wt": 0, "tc": 0, "et": 0}


def test_errors_keep_their_sign_and_need_a_truth_for_a_percentage():
    drawn, true = {"wt": 8.0, "tc": 3.0, "et": 1.0}, {"wt": 10.0, "tc": 2.0, "et": 0.0}
    errors, percent = volume_error(drawn, true)
    assert errors == pytest.approx({"wt": -2, "tc": 1, "et": 1})
    assert percent["wt"] == pytest.approx(-20)
    assert percent["tc"] == pytest.approx(50)
    assert percent["et"] is None
