import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.io.truths.truth_evidence import Evidence, evidence_on


def scan(size=24):
    """A core in an oedema that reaches an end of the scan; the core shines after contrast."""
    numbers = np.zeros((size, size, size), np.uint8)
    numbers[4:16, 5:17, :12] = 2
    numbers[7:13, 8:14, 3:9] = 4
    volume = np.random.default_rng(0).normal(100, 10, (4, size, size, size)).astype(np.float32)
    volume[MODALITIES.index("t1c")][numbers == 4] += 80
    return numbers, volume


def test_what_enhances_is_bright_and_what_lies_outside_faces_nothing():
    found = evidence_on(*scan(), MODALITIES)
    assert found.enhancement[4] > 3 > 1 > abs(found.enhancement[2])
    assert found.outside[4] == 0
    # Five faces of the oedema and six of the core inside it; the end of the scan is no neighbour.
    outer, inner = 2 * 12 * 12 + 2 * 12 * 12 + 12 * 12, 6 * 6 * 6
    assert found.outside[2] == pytest.approx(outer / (outer + inner))


def test_only_the_marked_part_counts_however_large_the_scan_is():
    """It is read alone: in a whole head it takes a tenth of the time."""
    numbers, volume = scan()
    wide = np.pad(numbers, [(9, 30), (9, 30), (0, 30)])
    found = evidence_on(wide, np.pad(volume, [(0, 0), (9, 30), (9, 30), (0, 30)]), MODALITIES)
    assert found.outside == evidence_on(numbers, volume, MODALITIES).outside


def test_nothing_marked_is_no_evidence():
    _, volume = scan()
    assert evidence_on(np.zeros((24, 24, 24), np.uint8), volume, MODALITIES) == Evidence({}, {})
