import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model_zoo.weights.loading import load_network
from training.__main__ import main
from training.config import read_config
from training.data.patients import read_split
from training.data.slices import build_bank
from training.log import read_log
from training.run.train import start_run, step_batch, train, train_step

STEPS = 14  # of the one that is killed
CONFIG = """
model = "unet"
learning_rate = 1e-3
steps = {steps}
batch = 2
crop = [32, 32]
validate_every = 100
checkpoint_every = 3
run_folder = "{folder}/run"
weights_folder = "{folder}/weights/unet"
"""


def losses(folder) -> dict[int, float]:
    return {r["step"]: r["loss"] for r in read_log(folder / "log.jsonl") if "loss" in r}


def test_trains_validates_and_writes_weights_that_load(tiny_config, data_folder):
    train(tiny_config, data_folder)
    log = read_log(tiny_config.run_folder / "log.jsonl")
    assert sorted(losses(tiny_config.run_folder)) == list(range(1, 9))
    validations = [r["validation_dice"] for r in log if "validation_dice" in r]
    assert len(validations) == 2
    assert all(0 <= v <= 1 for scores in validations for v in scores.values())
    model, origin = load_network("edge_unet", folder=tiny_config.weights_folder)
    assert len(origin.sha256) == 64
    assert not model.training
    assert (tiny_config.weights_folder / "log.jsonl").exists()


def test_the_logs_of_earlier_stages_stay_beside_that_of_the_last(tiny_config, data_folder):
    folders = [tiny_config.run_folder / str(stage) for stage in range(3)]
    for steps, folder, before in zip((2, 3, 1), folders, (None, *folders), strict=False):
        stage = replace(tiny_config, steps=steps, run_folder=folder / "run", weights_folder=folder)
        train(replace(stage, start_from=before), data_folder)
    steps = [record["step"] for record in read_log(folders[2] / "log_first_stage.jsonl")]
    assert list(dict.fromkeys(steps)) == [1, 2, 3, 4, 5]
    assert read_log(folders[2] / "log.jsonl")[-1]["step"] == 1
    assert "2 stages before: 2 steps of" in (folders[2] / "README.md").read_text()


def test_a_step_depends_on_its_number_alone(tiny_config, data_folder):
    bank = build_bank(read_split(data_folder, "train"))
    first, again = (step_batch(bank, tiny_config, 5) for _ in range(2))
    other = step_batch(bank, tiny_config, 6)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first[0], other[0])


def test_the_schedule_rises_and_falls(tiny_config, data_folder):
    bank = build_bank(read_split(data_folder, "train"))
    run = start_run(replace(tiny_config, steps=20))
    rates = []
    for _ in range(20):
        rates.append(run.optimiser.param_groups[0]["lr"])
        train_step(run, bank, tiny_config)
    assert max(rates) == pytest.approx(1e-3, rel=0.05)
    assert rates[0] < 1e-4
    assert rates[-1] < 1e-4


def test_the_same_seed_starts_alike_and_another_does_not(tiny_config):
    first, again, other = (
        start_run(replace(tiny_config, seed=seed)).model.head.weight for seed in (0, 0, 1)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_killed_and_resumed_it_reaches_the_same_losses(tmp_path, data_folder):
    """One is killed in a process of its own; to go on, or never to be stopped, needs none."""
    unbroken, broken = _configured(tmp_path / "unbroken"), _configured(tmp_path / "broken")
    process = _start(broken, data_folder)
    _wait_for_step(broken.parent / "run", 5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert max(losses(broken.parent / "run")) < STEPS, "it was killed too late to prove anything"
    assert main(["train", str(broken), "--data", str(data_folder), "--resume"]) == 0
    train(read_config(unbroken), data_folder)
    expected, found = losses(unbroken.parent / "run"), losses(broken.parent / "run")
    assert sorted(found) == sorted(expected) == list(range(1, STEPS + 1))
    assert found == pytest.approx(expected, rel=1e-6)


def _configured(folder) -> Path:
    folder.mkdir()
    config = folder / "config.toml"
    config.write_text(CONFIG.format(folder=folder, steps=STEPS))
    return config


def _start(config, data) -> subprocess.Popen:
    command = [sys.executable, "-m", "training", "train", config, "--data", data]
    # One thread: the order in which two add up is not fixed.
    return subprocess.Popen(
        command, env={"OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"}, stderr=subprocess.DEVNULL
    )


def _wait_for_step(run, step):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if max(losses(run), default=0) >= step:
            return
        time.sleep(0.02)
    raise AssertionError(f"step {step} was not reached")


def test_what_a_patient_does_not_state_gives_no_gradient(tiny_config, data_folder):
    """Through the network: of patients with a mask of the whole tumour, only that is learned."""
    case = next(read_split(data_folder, "train"))
    other = np.where(case.truth > 0, 5 - case.truth, 0).astype(np.uint8)  # core and oedema swapped
    other[case.truth == 3] = 1
    gradients = []
    for truth in (case.truth, other):
        bank = build_bank([replace(case, truth=truth, truth_regions=("wt",))])
        run = start_run(tiny_config)
        assert np.isfinite(train_step(run, bank, tiny_config))
        gradients.append({n: p.grad for n, p in run.model.named_parameters()})
    head = gradients[0]["head.weight"].unflatten(0, (3, -1))  # by region, pixels of each
    assert (head[1:] == 0).all()
    assert (head[0] != 0).any()
    for name, gradient in gradients[0].items():
        assert torch.equal(gradient, gradients[1][name]), name


def test_it_stops_early_and_keeps_the_best(tiny_config, data_folder, monkeypatch):
    """The weights of the best validation are written, not those it stopped with."""
    scores = iter([0.2, 0.6, 0.5, 0.4, 0.9])
    seen = []

    def made_up(_, model):
        seen.append(next(model.parameters()).detach().clone())
        return {"wt": next(scores)}

    monkeypatch.setattr("training.run.train.Validation.dice", made_up)
    train(replace(tiny_config, validate_every=1, patience=2, average=0.0), data_folder)
    assert len(seen) == 4
    model, _ = load_network("edge_unet", folder=tiny_config.weights_folder)
    kept = next(model.parameters())
    torch.testing.assert_close(kept, seen[1].half().float())
    assert not torch.equal(kept, seen[3].half().float())


def test_stopped_early_and_resumed_it_stops_again(tiny_config, data_folder, monkeypatch):
    scores = iter([0.6, 0.5, 0.4, 0.4, 0.4])
    monkeypatch.setattr("training.run.train.Validation.dice", lambda *_: {"wt": next(scores)})
    config = replace(tiny_config, validate_every=1, checkpoint_every=1, patience=2)
    train(config, data_folder)
    train(config, data_folder, resume=True)
    assert len(losses(config.run_folder)) == 3


def test_one_region_at_one_size_trains_and_loads(tiny_config, data_folder):
    folder = tiny_config.weights_folder.with_name("flair_unet")
    config = replace(tiny_config, model="flair_unet", crop=(96, 96), weights_folder=folder, steps=2)
    train(replace(config, validate_every=2), data_folder)
    model, _ = load_network("flair_unet", folder=folder)
    assert model.regions == ("wt",)
    assert "whole tumour" in (folder / "README.md").read_text()
