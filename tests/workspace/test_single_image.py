"""Every slice read alone, the models to choose from, scores by slice, and the verdict's words."""

import json
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
import torch
from torch import nn

from inference.engine import ready_for_inference, segment
from inference.io.checks import warnings_on
from inference.io.reader import read_case
from inference.io.sources import open_cases
from inference.preprocess import prepare
from report.images import Images
from report.planes import PLANES
from workspace import open_case, sample_slice, single_image
from workspace.open_case import open_files
from workspace.single_image import (
    Overlap,
    areas,
    best_and_worst,
    choices,
    first_choice,
    head_pixels,
    is_picture,
    read_alone,
    scored_slices,
    shown_to,
)
from workspace.slice_pictures import CIVIDIS, CORRECT, EXTRA, MISSED, SlicePictures
from workspace.verdicts import cost_of_missing, threshold_of, verdict

SHA256 = "0" * 64


@pytest.fixture(scope="module")
def case(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        return read_case(files)


@pytest.fixture(scope="module")
def opened(small_case_folder):
    with pytest.MonkeyPatch.context() as patch, open_cases([small_case_folder]) as (files,):
        patch.setattr(st, "session_state", {})
        return open_files(files)


class BrightIsTumour(nn.Module):
    """Draws what is bright in FLAIR, beside the mean of its slice, and brighter for the core."""

    def __init__(self):
        super().__init__()
        self.limits = nn.Parameter(torch.tensor([1.0, 1.5, 2.0]))

    def forward(self, slices):
        return 4 * (slices[:, 3:] - self.limits[:, None, None])


@pytest.fixture(scope="module")
def model():
    return ready_for_inference(BrightIsTumour())


@pytest.fixture(scope="module")
def alone(opened, model):
    told = []
    found = read_alone(opened, model, "unet", told.append)
    assert told == sorted(told)
    assert told[-1] <= 1
    return found


def test_a_slice_of_a_stack_is_read_as_if_it_were_the_only_one(case, opened, model, alone):
    index = int(np.argmax(areas(case.truth, "wt")))
    only = slice(index, index + 1)
    lone = replace(case, volume=case.volume[..., only], truth=None)
    expected = segment(lone, model, name="unet", prepared=prepare(lone))
    drawn, wanted = alone.labels[..., index] > 0, expected.labels[..., 0] > 0
    assert wanted.sum() > 50
    assert Overlap.of(drawn, wanted).dice > 0.95
    across, up, _ = expected.box
    inside = np.zeros(case.shape[:2], np.float32)
    inside[opened.prepared.box[:2]] = alone.probabilities[0, ..., index - alone.box[2].start]
    assert np.abs(inside[across, up] - expected.probabilities[0, ..., 0]).mean() < 0.02


def test_noise_around_a_head_is_none_of_it(case):
    noise = np.random.default_rng(0).uniform(0.1, 5, case.volume.shape).astype(np.float32)
    noisy = replace(case, volume=np.where(case.volume, case.volume + 100, noise))
    clean, loud = (head_pixels(prepare(each), case.shape[2]) for each in (case, noisy))
    large = clean > 100
    assert large.any()
    assert np.abs(loud[large] / clean[large] - 1).max() < 0.1


def test_a_stack_read_as_one_scan_is_another_answer(opened, model, alone):
    together = segment(opened.case, model, name="unet", prepared=opened.prepared)
    assert not np.array_equal(together.probabilities, alone.probabilities)
    assert together.probabilities.shape == alone.probabilities.shape


def test_models_that_cannot_read_a_picture_say_why(monkeypatch):
    monkeypatch.setattr(single_image, "_has_weights", lambda name: name != "vgg16_unet")
    found = choices(("t1", "t1c"))
    assert set(found.usable) == {"unet", "resnet_unet", "transunet", "edge_unet"}
    assert found.refused == {
        "VGG16 U-Net": "has no weights on this server",
        "FLAIR U-Net": "reads FLAIR only, which is not here",
    }
    assert shown_to(found.usable["unet"], ("t1", "t1c")) == ("t1", "t1c")
    assert "flair_unet" in choices(("flair",)).usable


@pytest.mark.parametrize(
    ("present", "skull", "expected"),
    [
        (("t1", "t1c", "flair"), True, "vgg16_unet"),
        (("t1", "t1c", "flair"), False, "unet"),
        (("flair",), True, "unet"),
        (("t1", "t1c", "t2", "flair"), True, "vgg16_unet"),
    ],
)
def test_a_head_with_its_skull_begins_with_a_model_that_learned_from_such(
    opened, present, skull, expected
):
    notes = warnings_on({"flair": {"skull"}} if skull else {"flair": {"clipped"}})
    seen = replace(opened, case=replace(opened.case, present=present, notes=tuple(notes)))
    assert first_choice(seen, choices(present).usable) == expected


def test_overlap_of_masks_and_of_nothing():
    drawn, true = np.array([1, 1, 1, 0, 0], bool), np.array([0, 1, 1, 1, 0], bool)
    assert Overlap.of(drawn, true) == Overlap(dice=2 / 3, iou=0.5, missed=1, extra=1)
    nothing = np.zeros(5, bool)
    assert Overlap.of(nothing, nothing) == Overlap(1.0, 1.0, 0, 0)
    assert Overlap.of(nothing, true) == Overlap(0.0, 0.0, 3, 0)


def test_empty_slices_are_neither_best_nor_worst():
    drawn, true = np.zeros((2, 4, 4, 5), bool)
    drawn[:2, :, 1] = true[:2, :, 1] = True
    drawn[:2, :, 2], true[:3, :, 2] = True, True
    true[0, 0, 4] = True
    scores = scored_slices(drawn, true)
    assert list(scores) == [1, 2, 4]
    assert best_and_worst(scores, 3) == ([1, 2], [4])
    assert best_and_worst({}, 3) == ([], [])


def test_pixels_are_counted_in_every_slice(case, opened):
    head = head_pixels(opened.prepared, case.shape[2])
    tissue = (case.volume != 0).any(axis=(0,)).sum(axis=(0, 1))
    # A voxel may have the very mean of its modality, which is 0 once it is normalised.
    np.testing.assert_allclose(head, tissue, atol=2)
    assert areas(case.truth, "wt").sum() == (case.truth > 0).sum()


def test_pictures_lie_on_one_another(case, opened):
    images = Images(opened.case, opened.prepared)
    index = int(np.argmax(areas(case.truth, "wt")))
    width = images.greys("flair", PLANES["axial"], index).shape[1]
    pictures = SlicePictures(images, "flair", index, width=width, letters=False)
    drawn, true = np.roll(case.truth, 2, axis=0) > 0, case.truth > 0
    probability = drawn[opened.prepared.box].astype(np.float16)
    mask, errors = np.array(pictures.mask(drawn)), np.array(pictures.errors(drawn, true))
    heat = np.array(pictures.probability(probability))
    assert mask.shape == errors.shape == heat.shape == np.array(pictures.image).shape
    hottest = np.array(tuple(bytes.fromhex(CIVIDIS[-1][1:])))
    in_head = heat.any(axis=2)
    np.testing.assert_array_equal((heat == hottest).all(axis=2), mask.all(axis=2) & in_head)
    flat = [images.labels(each, PLANES["axial"], index) for each in (drawn, true)]
    grey = np.array(pictures.image).astype(float)
    wanted = {CORRECT: flat[0] & flat[1], EXTRA: flat[0] & ~flat[1], MISSED: flat[1] & ~flat[0]}
    for colour, where in wanted.items():
        assert where.any()
        mixed = 0.75 * np.array(tuple(bytes.fromhex(colour[1:]))) + 0.25 * grey[where]
        np.testing.assert_allclose(errors[where], mixed, atol=2)


def test_the_image_and_what_lies_over_it_say_which_side_is_which(case, opened):
    images = Images(opened.case, opened.prepared)
    true = case.truth > 0
    for letters in (True, False):
        pictures = SlicePictures(images, "flair", 0, letters=letters)
        for picture in (pictures.image, pictures.overlay(case.truth), pictures.errors(true, true)):
            middle = np.array(picture)[picture.height // 2 - 12 : picture.height // 2 + 12]
            edges = middle[:, :24], middle[:, -24:]
            assert [bool((edge > 200).all(axis=2).any()) for edge in edges] == [letters] * 2
        assert not np.array(pictures.mask(true & False)).any(), "a mask is the mask"


def test_the_sample_slice_is_synthetic_and_the_largest(monkeypatch, small_case_folder, case):
    monkeypatch.setattr(open_case, "SAMPLE_FOLDER", small_case_folder)
    monkeypatch.setattr(st, "session_state", {})
    opened = sample_slice.open_sample_slice()
    assert opened.synthetic
    assert is_picture(opened)
    assert opened.case.present == ("t1", "t1c", "t2", "flair")
    largest = sample_slice.largest_true_slice(case)
    np.testing.assert_array_equal(opened.case.truth[..., 0], case.truth[..., largest])


def measured(sensitivity=0.93, auroc=0.98, patients=4):
    return {
        "patients": patients,
        "slices": 600,
        "with_tumour": 250,
        "sensitivity": sensitivity,
        "specificity": 0.96,
        "auroc": auroc,
    }


@pytest.fixture
def results(tmp_path):
    """What was measured of one model with all modalities and with FLAIR alone."""
    readings = [
        {"modalities": modalities, "threshold_percent": percent, "chosen": chosen, "checked": last}
        for modalities, percent, chosen, last in (
            (["t1", "t1c", "t2", "flair"], 0.6, measured(), measured(0.9, patients=6)),
            (["flair"], 1.5, measured(auroc=0.9), measured()),
        )
    ]
    models = {"unet": {"weights": SHA256, "data": "brats", "readings": readings}}
    (tmp_path / "verdict.json").write_text(json.dumps({"about": "", "models": models}))
    return tmp_path


def test_a_verdict_is_never_without_what_it_is_worth(results):
    threshold = threshold_of("unet", SHA256, ("flair", "t1", "t1c", "t2"), folder=results)
    told = verdict(4.1, threshold).replace("\u00a0", " ")
    assert told.startswith("**Tumour is drawn on 4.10 % of the head, above the 0.60 %**")
    assert "4 validation patients of BraTS (skull-stripped): sensitivity .93, spec" in told
    assert "6 test patients, who had no part in choosing it: sensitivity .90" in told
    assert "Not a diagnosis" in told
    assert "not above the 0.60" in verdict(0.6, threshold).replace("\u00a0", " ")
    assert verdict(0, threshold).startswith("**No tumour is drawn, not above")


def test_a_verdict_that_is_hardly_one_says_so(results):
    threshold = threshold_of("unet", SHA256, ("flair",), folder=results)
    assert "guessing" not in verdict(4, threshold)
    poor = replace(threshold, checked=replace(threshold.checked, auroc=0.57))
    assert "**Little better than guessing**: area under the ROC curve .57" in verdict(4, poor)


def test_no_threshold_for_other_weights_modalities_or_models(results, tmp_path):
    assert threshold_of("unet", SHA256, ("flair",), folder=results).percent == 1.5
    assert threshold_of("unet", "1" * 64, ("flair",), folder=results) is None
    assert threshold_of("unet", SHA256, ("t1",), folder=results) is None
    assert threshold_of("transunet", SHA256, ("flair",), folder=results) is None
    assert threshold_of("unet", SHA256, ("flair",), folder=tmp_path / "none") is None


def test_what_missing_modalities_cost(results):
    read = ("t1", "t1c", "t2", "flair")
    told = cost_of_missing("unet", SHA256, read, ("flair",), results)
    assert "ROC curve .90 so, .98 with all it reads" in told
    assert "not measured" in cost_of_missing("unet", SHA256, read, ("t1",), results)
    assert cost_of_missing("unet", SHA256, read, read, results) == ""
