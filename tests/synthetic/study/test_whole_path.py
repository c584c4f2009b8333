"""From the scanner's files to labels on the T1c's own frames, against the known truth.

Of a head drawn at 3 mm, prepared at 2; at full size in ``tests/soak/test_whole_path.py``.
"""

from pathlib import Path

import numpy as np
import pytest

from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.metrics import region_dice
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import prepare
from inference.network.segmentation import Segmentation
from inference.preparation.brain.brain_finder import brain_finder
from inference.preparation.opened_case import OpenedCase, PreparationOptions, prepared
from inference.study.dicom_examination import read_dicom_examination
from model_zoo.weights.loading import load_model
from synthetic.skull import Head
from synthetic.study.acquire import labels_on
from synthetic.study.protocol import T1C
from tests.support.sample import write_some_slices

pytestmark = pytest.mark.slow

MODEL = "resnet_unet"  # the quickest of the three
# Of voxels so large; at full size the limit is .03.
MOST_LOST = 0.08


@pytest.fixture(scope="module")
def opened(plain, coarse_working_grid):
    return open_study(plain)


def test_the_labels_on_the_t1c_lose_little_against_the_sample(opened, head, tmp_path):
    lost = lost_on_the_way(opened, head, write_some_slices(tmp_path, every=4))
    assert max(lost.values()) <= MOST_LOST, lost


def test_what_it_says_of_the_way_is_true(opened, head):
    check_preparation(opened, head)


def open_study(folder: Path) -> OpenedCase:
    """Read a study of DICOM and prepare it."""
    options = PreparationOptions("auto", find_brain=brain_finder)
    return prepared(read_dicom_examination([folder]), options)


def lost_on_the_way(opened: OpenedCase, head: Head, sample: Path) -> dict[str, float]:
    """By region, how much less the Dice is on the T1c's own frames than on the sample.

    The sample is the same head as BraTS would prepare it.
    """
    model = ready_for_inference(load_model(MODEL, precision="int8")[0])
    with open_cases([sample]) as (files,):
        case = read_case(files)
    of_the_sample = region_dice(_segmented(case, model).labels, case.truth)
    answer = opened.segmentation_as_it_came(_segmented(opened.case, model))
    grid = opened.preparation.sequences["t1c"].grid
    [stack] = T1C.stacks
    truth = grid.to_ras(labels_on(head, stack, T1C.pose))
    assert answer.labels.shape == truth.shape
    there = region_dice(answer.labels, truth)
    return {region: of_the_sample[region] - dice for region, dice in there.items()}


def check_preparation(opened: OpenedCase, head: Head) -> None:
    """What was measured on the way is as it was drawn."""
    brain_ml = head.brain.sum() * np.prod(head.grid.spacing) / 1000
    assert opened.preparation.brain_ml == pytest.approx(brain_ml, rel=0.08)
    assert not any(each.pose.problem for each in opened.preparation.sequences.values())
    assert opened.preparation.sequences["t1c"].pose.shift_mm == 0
    assert opened.preparation.sequences["t2"].pose.shift_mm > 5


def _segmented(case: Case, model) -> Segmentation:
    return segment(case, model, name=MODEL, prepared=prepare(case))
