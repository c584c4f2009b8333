"""What a step sees: the same as ever without the options that came later."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from inference.preparation.template import grid_of
from training.config import AugmentConfig, TrainingConfig
from training.data.batches import step_batch
from training.data.patients import read_split
from training.data.slices import build_bank

STRONG = AugmentConfig(
    warp=6.0, shading=0.3, low_resolution=0.1, no_enhancement=0.3, drop_modality=0.6
)
# By step, of slices and target; measured at commit 2de7886, before any patient could lack anything.
AXIAL = {0: (52.7357097, 2.5015238), 7: (-22.0148543, -1.5173093)}
PLANES = {0: (-4.4569217, 4.7309051), 7: (64.0079287, -2.5212780)}


@pytest.fixture(scope="module")
def cases(data_folder):
    cases = read_split(data_folder, "train")
    return [replace(case, grid=grid_of(case.shape, np.eye(4))) for case in cases]


def fingerprint(tensor: torch.Tensor) -> float:
    """A number that depends on every value and its place, and hardly on how a processor rounds."""
    flat = tensor.double().flatten()
    return float(flat @ torch.cos(torch.arange(len(flat)).double()))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"model": "edge_unet", "crop": (32, 32)}, AXIAL),
        (
            {
                "model": "unet",
                "crop": (40, 32),
                "planes": ("axial", "coronal", "sagittal"),
                "neighbours": (-2, 0, 2),
                "augment": STRONG,
            },
            PLANES,
        ),
    ],
)
def test_a_configuration_without_the_later_options_sees_what_it_always_saw(
    options, expected, cases, tmp_path
):
    config = TrainingConfig(
        learning_rate=1e-3, run_folder=tmp_path, weights_folder=tmp_path, batch=4, **options
    )
    bank = build_bank(cases, planes=config.planes)
    for step, (of_slices, of_target) in expected.items():
        batch = step_batch(bank, config, step)
        assert fingerprint(batch.slices) == pytest.approx(of_slices, abs=1e-3)
        assert fingerprint(batch.target) == pytest.approx(of_target, abs=1e-3)
        assert batch.known.all()


def test_a_patient_without_a_modality_looks_as_one_who_lost_it(cases, tmp_path):
    """The channel is zero in every slice, whatever is done to the intensities."""
    case = cases[0]
    volume = case.volume.copy()
    volume[2] = 0
    without = replace(case, volume=volume, present=("t1", "t1c", "flair"))
    config = TrainingConfig("unet", 1e-3, tmp_path, tmp_path, batch=8, crop=(40, 40))
    config = replace(config, augment=replace(STRONG, drop_modality=0.0, noise=0.5, brightness=1.0))
    shown = step_batch(build_bank([without]), config, 3).slices
    whole = step_batch(build_bank([case]), config, 3).slices
    assert not shown[:, 2].any()
    assert whole[:, 2].any()
    there = [0, 1, 3]
    assert torch.equal(shown[:, there], whole[:, there]), "the others are as if nothing was lost"


def test_of_two_modalities_one_is_always_left(cases, tmp_path):
    case = cases[0]
    volume = case.volume.copy()
    volume[[1, 2]] = 0
    bank = build_bank([replace(case, volume=volume, present=("t1", "flair"))])
    config = TrainingConfig("unet", 1e-3, tmp_path, tmp_path, batch=8, crop=(64, 64))
    config = replace(config, augment=AugmentConfig(drop_modality=0.95), tumour_share=1.0)
    for step in range(20):
        shown = step_batch(bank, config, step).slices
        assert shown.flatten(2).any(dim=2).any(dim=1).all()
