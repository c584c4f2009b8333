"""From the scanner's files to labels on the T1c's own frames, against the known truth."""

import pytest

from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.metrics import region_dice
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import prepare
from inference.network.segmentation import Segmentation
from inference.preparation.brain.brain_finder import brain_finder
from inference.preparation.opened_case import PreparationOptions, prepared
from inference.study.dicom_examination import read_dicom_examination
from model_zoo.weights.loading import load_model
from synthetic.skull import make_head
from synthetic.study.acquire import labels_on
from synthetic.study.exam import examine
from synthetic.study.protocol import T1C
from synthetic.study.write import write_exam
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

SAMPLE = ROOT / "assets" / "sample" / "synthetic_glioma"
SPACING = 2.0  # mm, of the head before the scanner; at 3 mm the truth itself is too coarse
MODEL = "resnet_unet"  # the quickest of the three
MOST_LOST = 0.03


@pytest.fixture(scope="module")
def model():
    loaded, _ = load_model(MODEL, precision="int8")
    return ready_for_inference(loaded)


@pytest.fixture(scope="module")
def of_the_sample(model):
    """Dice of each region on the sample, which is the same head as BraTS would prepare it."""
    with open_cases([SAMPLE]) as (files,):
        case = read_case(files)
    return region_dice(_segmented(case, model).labels, case.truth)


@pytest.fixture(scope="module")
def head():
    return make_head(spacing=SPACING)


@pytest.fixture(scope="module")
def opened(head, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scanner") / "study"
    write_exam(examine(head, seed=0), folder)
    return prepared(
        read_dicom_examination([folder]), PreparationOptions("auto", find_brain=brain_finder)
    )


def test_the_labels_on_the_t1c_lose_little_against_the_sample(opened, head, model, of_the_sample):
    answer = opened.segmentation_as_it_came(_segmented(opened.case, model))
    grid = opened.preparation.sequences["t1c"].grid
    [stack] = T1C.stacks
    truth = grid.to_ras(labels_on(head, stack, T1C.pose))
    assert answer.labels.shape == truth.shape
    lost = {
        region: of_the_sample[region] - dice
        for region, dice in region_dice(answer.labels, truth).items()
    }
    assert max(lost.values()) <= MOST_LOST, lost


def test_what_it_says_of_the_way_is_true(opened, head):
    brain_ml = head.brain.sum() * SPACING**3 / 1000
    assert opened.preparation.brain_ml == pytest.approx(brain_ml, rel=0.08)
    assert not any(each.pose.problem for each in opened.preparation.sequences.values())
    assert opened.preparation.sequences["t1c"].pose.shift_mm == 0
    assert opened.preparation.sequences["t2"].pose.shift_mm > 5


def _segmented(case: Case, model) -> Segmentation:
    return segment(case, model, name=MODEL, prepared=prepare(case))
