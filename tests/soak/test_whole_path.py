"""From the scanner's files to labels on the T1c's own frames, at full size.

The short form runs with every test, on larger voxels:
``tests/synthetic/study/test_whole_path.py``.
"""

import os

import pytest

from synthetic.skull import make_head
from synthetic.study.exam import examine
from synthetic.study.write import write_exam
from tests.support.sample import SAMPLE
from tests.synthetic.study.test_whole_path import check_preparation, lost_on_the_way, open_study

pytestmark = pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak")

SPACING = 2.0  # mm, of the head before the scanner; at 3 mm the truth itself is too coarse
MOST_LOST = 0.03


@pytest.fixture(scope="module")
def head():
    return make_head(spacing=SPACING)


@pytest.fixture(scope="module")
def opened(head, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scanner") / "study"
    write_exam(examine(head, seed=0), folder)
    return open_study(folder)


def test_the_labels_on_the_t1c_lose_little_against_the_sample(opened, head):
    lost = lost_on_the_way(opened, head, SAMPLE)
    assert max(lost.values()) <= MOST_LOST, lost


def test_what_it_says_of_the_way_is_true(opened, head):
    check_preparation(opened, head)
