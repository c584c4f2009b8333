"""Slices on the disk: bit for bit those in memory, cut once whoever learns from them."""

import os
import threading
from dataclasses import replace

import pytest
import torch

from common.errors import InputError
from common.planes import PLANES
from inference.network.slice_adapter import slice_adapter_of
from model_zoo.factory import create_model
from training.data import learners as learners_module
from training.data.batches import step_batch
from training.data.learners import training_cases, weight_of_cases
from training.data.patients import read_any
from training.data.slices import build_bank, regions_of_truth
from training.data.volume.copies import looks_of
from training.log import read_log
from training.run.kept_bank import KeptBank
from training.run.processes import ALONE
from training.run.train import train
from training.volume_config import VolumeConfig


@pytest.fixture
def read(monkeypatch):
    """Which patients have been read."""
    names = []

    def counted(data, name):
        names.append(name)
        return read_any(data, name)

    monkeypatch.setattr(learners_module, "read_any", counted)
    return names


@pytest.fixture
def kept(tiny_config, tmp_path):
    """Makes the place of the slices of a configuration."""

    def make(**changes):
        config = replace(tiny_config, **changes)
        reading = slice_adapter_of(create_model(config.model))
        return KeptBank(config, reading, lambda: regions_of_truth, tmp_path / "bank")

    return make


def in_memory(config, data):
    return build_bank(
        training_cases(config, data),
        weight=weight_of_cases(config, data),
        planes=config.planes,
        reading=slice_adapter_of(create_model(config.model)),
        looks=looks_of(config.volume, seed=config.seed),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"low_grade_weight": 3.0},
        {"planes": tuple(PLANES)},
        {"volume": VolumeConfig(copies=1, share=0.3, histogram=1.0)},
    ],
)
def test_batches_are_those_of_a_bank_in_memory(kept, tiny_config, data_folder, changes):
    config = replace(tiny_config, batch=6, **changes)
    there, here = kept(**changes).bank(data_folder, ALONE), in_memory(config, data_folder)
    for name in ("known", "patients", "weights", "stacks", "apart", "with_tumour"):
        assert torch.equal(getattr(there, name), getattr(here, name)), name
    everything = torch.arange(len(here.weights))
    assert torch.equal(there.slices[everything], here.slices)
    assert torch.equal(there.targets[everything], here.targets)
    for step in range(3):
        pairs = zip(step_batch(there, config, step), step_batch(here, config, step), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)


def test_a_patient_is_read_once_whatever_the_number_of_trainings(kept, data_folder, read):
    kept().bank(data_folder, ALONE)
    first = list(read)
    assert len(first) == len(set(first)) > 0
    kept(learning_rate=1.0, seed=7).bank(data_folder, ALONE)
    assert read == first
    kept(planes=tuple(PLANES)).bank(data_folder, ALONE)
    assert read == first * 2


def test_one_that_was_killed_while_it_was_cut_is_cut_again(kept, data_folder, read):
    bank = kept()
    bank.bank(data_folder, ALONE)
    [about, *_] = bank.folder.glob("*/about.json")
    about.unlink()
    before = len(read)
    bank.bank(data_folder, ALONE)
    assert len(read) == before + 1


def test_a_patient_whose_files_have_changed_is_cut_again(kept, data_folder, read, tmp_path):
    data = tmp_path / "data"
    for file in filter(os.path.isfile, data_folder.rglob("*")):
        place = data / file.relative_to(data_folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_bytes())
    kept().bank(data, ALONE)
    before, name = len(read), read[-1]
    [truth] = (data / name).glob("*seg*")
    times = truth.stat().st_atime_ns, truth.stat().st_mtime_ns
    [other] = (data / read[0]).glob("*seg*")
    truth.write_bytes(other.read_bytes())
    os.utime(truth, ns=times)
    kept().bank(data, ALONE)
    assert read[before:] == ([name] if read[0] != name else [])


def test_two_that_want_the_same_patients_at_once_read_each_once(kept, data_folder, read):
    banks = [kept(), kept()]
    threads = [threading.Thread(target=bank.bank, args=(data_folder, ALONE)) for bank in banks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read) == len(set(read)) > 0


def test_patients_whose_truths_differ_are_refused_as_in_memory(kept, data_folder, monkeypatch):
    whole = iter([True, False, False, False])

    def some(data, name):
        case = read_any(data, name)
        return case if next(whole) else replace(case, truth_regions=("wt",))

    monkeypatch.setattr(learners_module, "read_any", some)
    with pytest.raises(InputError, match="marks WT, that of"):
        kept().bank(data_folder, ALONE)


@pytest.mark.training
def test_a_training_reaches_the_same_losses_from_the_disk(tiny_config, data_folder, tmp_path):
    logs = []
    for name, place in (("memory", None), ("disk", tmp_path / "bank")):
        config = replace(tiny_config, steps=4, run_folder=tmp_path / name)
        train(config, data_folder, kept=place)
        log = read_log(config.run_folder / "log.jsonl")
        logs.append([{k: v for k, v in each.items() if k != "seconds"} for each in log])
    assert logs[0] == logs[1]


def test_another_s_lesion_is_not_kept_as_a_patient_s(kept):
    with pytest.raises(InputError, match="train without --bank"):
        kept(volume=VolumeConfig(copies=1, carvemix=0.5))
