"""Colours in CIELab under D50, against values that others have computed."""

import numpy as np
import pytest

from inference.dicom_objects.description.colour_space import lab_of


# http://www.brucelindbloom.com/index.html?ColorCalculator.html: sRGB, D50, Bradford.
@pytest.mark.parametrize(
    ("colour", "lab"),
    [
        ("#FFFFFF", (100, 0, 0)),
        ("#000000", (0, 0, 0)),
        ("#FF0000", (54.29, 80.81, 69.89)),
        ("#00FF00", (87.82, -79.29, 80.99)),
        ("#0000FF", (29.57, 68.30, -112.03)),
    ],
)
def test_it_is_relative_to_d50(colour, lab):
    found = lab_of(colour)
    values = (found.l_star, found.a_star, found.b_star)
    np.testing.assert_allclose(values, lab, atol=0.05)
