import pytest

from report.rounding import three_figures

SIZES = {0: "0.0", 0.04: "0.0", 5.26: "5.3", 99.94: "99.9", 99.97: "100", 116.4: "116"}
LARGE = {374.0: "374", -8.26: "-8.3", 1204.3: "1204"}
TIMES = {0.004: "0.00", 0.33: "0.33", 9.524: "9.52", 9.996: "10.0", 15.0: "15.0", 131.2: "131"}


@pytest.mark.parametrize(("value", "written"), (SIZES | LARGE).items())
def test_volumes_and_distances(value, written):
    assert three_figures(value) == written


@pytest.mark.parametrize(("value", "written"), TIMES.items())
def test_seconds_and_shares(value, written):
    assert three_figures(value, decimals=2) == written
