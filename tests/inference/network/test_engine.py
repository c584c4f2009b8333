import re

import numpy as np
import pytest
import torch
from torch import nn

from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.metrics import region_dice
from inference.network import engine
from inference.network.engine import cores_of, predict, segment
from inference.network.segmentation import consensus
from model_zoo.weights.loading import load_model
from tests.conftest import ROOT


class Thresholds(nn.Module):
    """A network whose logits can be foretold: FLAIR, T1c and T1c against fixed values."""

    def __init__(self):
        super().__init__()
        self.limits = nn.Parameter(torch.tensor([0.0, 0.5, 1.0]).view(1, 3, 1, 1))

    def forward(self, slices):
        return slices[:, [3, 1, 1]] - self.limits


@pytest.fixture(scope="module")
def case(small_case_folder) -> Case:
    with open_cases([small_case_folder]) as (files,):
        return read_case(files)


def test_the_sigmoid_is_applied_once():
    """A logit of 0 is a probability of one half; a second sigmoid would make it 0.62."""
    slices = np.full((2, 4, 8, 8), 1.5, np.float32)
    probabilities = predict(Thresholds(), slices)
    expected = 1 / (1 + np.exp(-np.array([1.5, 1.0, 0.5])))
    np.testing.assert_allclose(probabilities[0, :, 0, 0], expected, atol=5e-3)


def test_there_is_one_sigmoid_in_what_segments():
    """In the folders that inference runs through, the word stands in one call of one function."""
    folders = [ROOT / "inference", ROOT / "model_zoo", ROOT / "workspace", ROOT / "pages"]
    calls = [
        file.name
        for folder in folders
        for file in folder.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?<!def )\b(sigmoid|expit)\(", line.lower())
    ]
    assert calls == ["engine.py"]


def test_empty_slices_are_not_shown_to_the_network():
    slices = np.zeros((5, 4, 8, 8), np.float32)
    slices[2] = 1
    seen = []
    model = Thresholds()
    model.register_forward_hook(lambda _, given, __: seen.append(len(given[0])))
    probabilities = predict(model, slices)
    assert sum(seen) == 1
    assert probabilities[2].any()
    assert not probabilities[[0, 1, 3, 4]].any()


def test_nothing_is_drawn_where_there_is_no_tissue():
    slices = np.zeros((1, 4, 8, 8), np.float32)
    slices[0, 3, 2:6, 2:6] = 2
    always = Thresholds()
    always.limits.data -= 9  # tumour everywhere, if it were asked
    probabilities = predict(always, slices)
    inside = slices[0, 3] != 0
    assert (probabilities[0][:, inside] > 0.9).all()
    assert not probabilities[0][:, ~inside].any()


def test_no_tissue_at_all_is_an_error_and_not_an_answer():
    with pytest.raises(ValueError, match="no tissue"):
        predict(Thresholds(), np.zeros((3, 4, 8, 8), np.float32))


def test_batches_do_not_change_the_answer(monkeypatch):
    slices = np.random.default_rng(0).normal(size=(7, 4, 8, 8)).astype(np.float32)
    whole = predict(Thresholds(), slices)
    monkeypatch.setattr(engine, "_BATCH", 2)
    np.testing.assert_array_equal(predict(Thresholds(), slices), whole)


def test_progress_is_true_and_ends_at_1():
    told = []
    slices = np.ones((20, 4, 8, 8), np.float32)
    predict(Thresholds(), slices, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) > 1


@pytest.mark.parametrize("name", ["unet", "edge_unet"])
def test_the_answer_is_the_same_on_any_number_of_cores(name, monkeypatch):
    """Slices of several sizes, the last batch a short one."""
    slices = np.zeros((21, 4, 100, 120), np.float32)
    draw = np.random.default_rng(0)
    for number, slice_ in enumerate(slices):
        slice_[:, 10 : 20 + 4 * number, 30 : 50 + 3 * number] = draw.normal()
    answers = []
    for cores in (1, 2, 5):
        monkeypatch.setenv("OMP_NUM_THREADS", str(cores))
        model, _ = load_model(name)
        assert cores_of(model) == cores
        told = []
        answers.append(predict(model, slices, progress=told.append))
        assert told == sorted(told)
        assert told[-1] == 1
    assert answers[0].any()
    np.testing.assert_array_equal(answers[1], answers[0])
    np.testing.assert_array_equal(answers[2], answers[0])


def test_whoever_stops_it_leaves_a_network_that_answers(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    model, _ = load_model("edge_unet")
    slices = np.random.default_rng(0).normal(size=(40, 4, 32, 32)).astype(np.float32)
    right = predict(model, slices)

    def stop(share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        predict(model, slices, progress=stop)
    np.testing.assert_array_equal(predict(model, slices), right)


def test_labels_lie_where_the_image_says(case):
    """The answer comes back onto the voxels it was given for, through crop, flip and transpose."""
    found = segment(case, Thresholds(), name="thresholds")
    assert found.labels.shape == case.shape
    assert found.labels.dtype == np.uint8
    flair = case.volume[3]
    drawn = found.labels > 0
    # Voxels of this case are large: at the edge they are mixed with their neighbours.
    brain = np.median(flair[(flair > 0) & ~drawn])
    assert np.percentile(flair[drawn], 5) > brain
    assert not drawn[(case.volume == 0).all(axis=0)].any()


def test_the_regions_of_every_label_map_are_nested(case):
    labels = segment(case, Thresholds(), name="thresholds").labels
    assert set(np.unique(labels)) <= {0, 1, 2, 3}


def test_times_volumes_and_dice(case):
    found = segment(case, Thresholds(), name="thresholds")
    assert set(found.seconds) == {"preprocess", "predict", "postprocess"}
    assert all(seconds >= 0 for seconds in found.seconds.values())
    expected = np.count_nonzero(found.labels) * np.prod(case.spacing) / 1000
    assert found.volume_ml(case)["wt"] == pytest.approx(expected)
    assert found.dice(case) == region_dice(found.labels, case.truth)


def test_consensus_is_the_mean_of_the_probabilities(case):
    first = segment(case, Thresholds(), name="a")
    other = Thresholds()
    other.limits.data += 0.7
    second = segment(case, other, name="b")
    both = consensus([first, second])
    mean = (first.probabilities.astype(np.float32) + second.probabilities) / 2
    np.testing.assert_allclose(both.probabilities, mean, atol=1e-3)
    both_predict = first.seconds["predict"] + second.seconds["predict"]
    assert both.seconds["predict"] == pytest.approx(both_predict)
    sizes = [np.count_nonzero(each.labels) for each in (second, both, first)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < sizes[2]


def test_inference_never_imports_streamlit():
    sources = [f.read_text(encoding="utf-8") for f in (ROOT / "inference").glob("*.py")]
    assert not any("import streamlit" in text for text in sources)


def test_a_network_is_shown_the_tissue_and_answers_on_the_whole_slice():
    network, slices = Thresholds(), np.zeros((20, 4, 100, 120), np.float32)
    slices[:10, :, 30:40, 50:100] = 2.0
    slices[10:, :, 10:90, 5:9] = 2.0
    seen = []
    network.register_forward_hook(lambda _, given, __: seen.append(tuple(given[0].shape[2:])))
    probabilities = predict(network, slices)
    # The second batch of eight holds slices of both kinds.
    assert seen == [(32, 64), (96, 96), (96, 32)]
    np.testing.assert_array_equal(probabilities > 0.5, slices[:, :3] > 0)
