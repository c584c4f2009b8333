import nibabel as nib
import numpy as np
import pytest
import torch

from inference.preparation.brain.brain_mask import CANVAS, GRID_MM
from training.brain_mask.config import MaskConfig, Stage, read_config
from training.brain_mask.data.sources import Heads
from training.brain_mask.release import write_card, write_weights
from training.brain_mask.train import Trainer
from training.log import read_log
from training.release.publish import check_folder

STAGES = (Stage(12.0, (16, 24, 16), 20), Stage(8.0, (24, 32, 24), 80))


def config(steps: int) -> MaskConfig:
    stages = (Stage(12.0, (16, 24, 16), steps),)
    return MaskConfig(1, 2, 1e-3, 2, 0.9, 0.5, ("two",), stages)


@pytest.fixture
def labels(tmp_path):
    folder = tmp_path / "labels"
    folder.mkdir()
    for name in ("one", "two"):
        found = np.zeros((40, 44, 40), np.int16)
        found[4:36, 4:40, 4:36] = 515
        found[8:32, 8:36, 8:32] = 2
        image = nib.Nifti1Image(found, np.diag([4.0, 4.0, 4.0, 1.0]))
        nib.save(image, folder / f"{name}.nii.gz")
    return folder


def trainer(labels, tmp_path, steps: int) -> Trainer:
    settings = config(steps)
    heads = Heads(settings, labels, None, None, None)
    (tmp_path / "run").mkdir(exist_ok=True)
    return Trainer(settings, heads, tmp_path / "run")


def test_what_is_held_back_is_not_learned_from(labels):
    assert len(Heads(config(1), labels, None, None, None).labelled) == 1


def test_a_run_goes_on_where_it_ended(labels, tmp_path):
    first = trainer(labels, tmp_path, 2)
    first.run()
    again = trainer(labels, tmp_path, 2)
    assert again.step == 2
    for key, value in first.average.items():
        assert torch.equal(again.average[key], value), key


def test_a_run_that_is_broken_off_is_taken_up_from_its_checkpoint(labels, tmp_path):
    started = trainer(labels, tmp_path, 2)
    started.run()
    longer = trainer(labels, tmp_path, 4)
    longer.run()
    assert longer.step == 4
    assert any(not torch.equal(longer.average[k], v) for k, v in started.average.items())


def test_weights_and_card_say_what_was_learned_from(labels, tmp_path):
    run = trainer(labels, tmp_path, 10)
    run.run()
    assert read_log(tmp_path / "run" / "log.jsonl")[-1]["step"] == 10
    place = tmp_path / "weights"
    checksum = write_weights(tmp_path / "run", config(10), place)
    card = write_card(place, tmp_path / "none.json").read_text()
    assert "10 steps of 2 heads" in card
    assert "CC BY-NC-SA 4.0" in card
    assert "Not measured yet" in card
    assert checksum in card
    check_folder(place, "brain_mask")


def test_stages_follow_each_other_and_the_rate_falls():
    settings = MaskConfig(1, 2, 1e-3, 10, 0.9, 0.5, (), STAGES)
    assert settings.steps == 100
    assert [settings.stage(step).grid for step in (0, 19, 20, 99)] == [12.0, 12.0, 8.0, 8.0]
    assert settings.rate(0) < settings.rate(9) > settings.rate(50) > settings.rate(99) > 0


def test_it_is_run_at_the_grid_that_it_learned_at_last():
    last = read_config().stages[-1]
    assert (last.grid, last.canvas) == (GRID_MM, CANVAS)
