import json
import shutil
from dataclasses import replace

import pytest
import torch

from common.errors import InputError
from common.vocabulary import ENHANCING_TUMOUR, MODALITIES
from tests.conftest import ROOT
from training.__main__ import main
from training.config import read_config
from training.data.patients import SPLITS, read_any, read_split, split_cases
from training.data.volume.thick_slices import thick_copy
from training.data.volume.weak_enhancement import weak_copy
from training.experiments.cross_validation import cross_validate
from training.release.quantise import quantised_network
from training.run import distillation
from training.run.checkpoint import load_checkpoint, save_checkpoint
from training.run.train import train
from training.volume_config import VolumeConfig

CONFIG = """
model = "edge_unet"
learning_rate = 1e-3
steps = 2
batch = 2
crop = [32, 32]
run_folder = "{folder}/run"
weights_folder = "{folder}/weights"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cross")
    (folder / "config.toml").write_text(CONFIG.format(folder=folder))
    return folder


@pytest.fixture(scope="module")
def command(folder, data_folder):
    options = ["--data", str(data_folder), "--folds", "2", "--json", str(folder / "out.json")]
    return ["cross-validate", str(folder / "config.toml"), *options]


@pytest.fixture(scope="module")
def told(folder, command):
    assert main(command) == 0
    return json.loads((folder / "out.json").read_text())


def test_every_patient_of_every_split_is_scored_once(told, data_folder):
    patients = told["models"]["edge_unet"]["patients"]
    everyone = [name for split in SPLITS for name in split_cases(data_folder, split)]
    assert sorted(patients) == sorted(everyone)
    assert sorted(patient["fold"] for patient in patients.values()) == [1, 1, 2, 2]
    assert told["models"]["edge_unet"]["summary"]["all"]["patients"] == 4
    assert told["scored"] == "as they are"


def test_a_finished_fold_is_not_trained_again(told, folder, command, monkeypatch):
    monkeypatch.setattr("training.experiments.folds.start_run", None)
    (folder / "out.json").unlink()
    assert main(command) == 0
    again = json.loads((folder / "out.json").read_text())
    assert again["models"] == told["models"]


def test_a_fold_of_another_recipe_is_not_taken_for_this_one(told, folder, data_folder):
    config = read_config(folder / "config.toml")
    brighter = replace(config.augment, brightness=0.9)
    with pytest.raises(InputError, match=r"another configuration \(augment, steps\)"):
        cross_validate(replace(config, steps=3, augment=brighter), data_folder, folds=2)
    cross_validate(replace(config, about="the same"), data_folder, folds=2)


def test_a_network_of_before_the_later_settings_is_one_of_now(told, folder, data_folder):
    """A recipe that was kept before patients could lack anything says nothing of them."""
    config = read_config(folder / "config.toml")
    file = config.run_folder / "fold_1_of_2_network.pt"
    kept = load_checkpoint(file)
    later = {"partial", "lgg_heads", "lgg_weight", "volume", "options"}
    assert later <= kept["recipe"].keys()
    recipe = {key: value for key, value in kept["recipe"].items() if key not in later}
    save_checkpoint(kept | {"recipe": recipe}, file)
    cross_validate(config, data_folder, folds=2)
    volume = {key: value for key, value in kept["recipe"]["volume"].items() if key != "carvemix"}
    assert volume != kept["recipe"]["volume"]
    save_checkpoint(kept | {"recipe": kept["recipe"] | {"volume": volume}}, file)
    cross_validate(config, data_folder, folds=2)
    copies = replace(config, volume=VolumeConfig(copies=1, misalign=1.0))
    with pytest.raises(InputError, match=r"another configuration \(volume\)"):
        cross_validate(copies, data_folder, folds=2)


def test_the_patients_of_some_splits_alone(folder, data_folder, tmp_path):
    config = replace(read_config(folder / "config.toml"), run_folder=tmp_path)
    results = cross_validate(config, data_folder, folds=2, splits=("train", "val"))
    assert sorted(results["models"]["edge_unet"]["patients"]) == ["a", "b", "c"]
    assert results["command"].endswith("--folds 2 --split train val")


def test_one_fold_alone_can_be_trained(folder, data_folder, tmp_path, capsys):
    file = tmp_path / "config.toml"
    file.write_text(CONFIG.format(folder=tmp_path))
    options = ["--data", str(data_folder), "--folds", "2"]
    assert main(["cross-validate", str(file), *options, "--train-fold", "2"]) == 0
    kept = [each.name for each in (tmp_path / "run").iterdir()]
    assert kept == ["fold_2_of_2_network.pt"]
    assert "Dice" not in capsys.readouterr().out
    assert main(["cross-validate", str(file), *options, "--train-fold", "3"]) == 2
    assert "There is no fold 3 of 2." in capsys.readouterr().err


@pytest.fixture
def seen(told, monkeypatch):
    """The cases that trained networks are scored on, without scoring them."""
    cases = []

    def score(model, case):
        cases.append(case)
        return {"dice": {"wt": 1.0}, "false_positive_rate": None}

    monkeypatch.setattr("training.experiments.folds.start_run", None)
    monkeypatch.setattr("training.experiments.cross_validation._score", score)
    return cases


def test_the_same_networks_can_be_scored_in_thick_slices(seen, folder, data_folder):
    config = read_config(folder / "config.toml")
    results = cross_validate(config, data_folder, folds=2, thick=15.0)
    assert results["slices_mm"] == 15.0
    assert results["scored"] == "slices of 15 mm"
    assert results["command"].endswith("--folds 2 --thick 15")
    for case in seen:
        original = read_any(data_folder, case.name)
        assert (case.volume != original.volume).any()
        assert ((case.volume != 0) == (original.volume != 0)).all()


def test_the_same_networks_can_be_scored_where_little_contrast_is_taken_up(
    seen, folder, data_folder
):
    config = read_config(folder / "config.toml")
    results = cross_validate(config, data_folder, folds=2, thick=15.0, enhancement=0.25)
    assert results["enhancement"] == 0.25
    assert results["scored"] == "25 % of the enhancement, slices of 15 mm"
    assert results["command"].endswith("--folds 2 --thick 15 --enhancement 0.25")
    t1c = MODALITIES.index("t1c")
    for case in seen:
        original = read_any(data_folder, case.name)
        rim = original.truth == ENHANCING_TUMOUR
        both = thick_copy(weak_copy(original, 0.25), 15.0)
        assert (case.volume == both.volume).all()
        if rim.any():
            assert case.volume[t1c][rim].mean() < thick_copy(original, 15.0).volume[t1c][rim].mean()
    assert any((case.truth == ENHANCING_TUMOUR).any() for case in seen)


def test_the_same_networks_can_be_scored_in_int8(told, folder, data_folder, monkeypatch, tmp_path):
    """Whose ranges are measured on patients that the network of the fold has learned from alone."""
    asked = []

    def quantised(name, model, cases):
        cases = list(cases)
        asked.append({case.name for case in cases})
        return quantised_network(name, model, cases)

    monkeypatch.setattr("training.experiments.folds.start_run", None)
    monkeypatch.setattr("training.experiments.cross_validation.quantised_network", quantised)
    file = tmp_path / "int8.json"
    options = ["--data", str(data_folder), "--folds", "2", "--precision", "int8"]
    against = ["--against", str(folder / "out.json"), "--json", str(file)]
    assert main(["cross-validate", str(folder / "config.toml"), *options, *against]) == 0
    results = json.loads(file.read_text())
    assert results["arithmetic"] == "int8"
    assert "--precision int8" in results["command"]
    assert results["difference"]["all"]["patients"] == 4
    fold_of = {name: each["fold"] for name, each in told["models"]["edge_unet"]["patients"].items()}
    others = [{name for name in fold_of if fold_of[name] != fold} for fold in (1, 2)]
    assert asked == others


@pytest.mark.parametrize("share", ["2", "-0.5", "nan", "half"])
def test_a_share_that_is_none_is_refused(folder, data_folder, capsys, share):
    options = ["--data", str(data_folder), f"--enhancement={share}"]
    with pytest.raises(SystemExit):
        main(["cross-validate", str(folder / "config.toml"), *options])
    assert "is no share; give 0 to 1" in capsys.readouterr().err


def test_those_who_lack_something_are_learned_from_in_every_fold_and_never_scored(
    folder, data_folder, tmp_path, monkeypatch
):
    """And of two heads the one who stands in the training split as well is in no fold."""
    data = tmp_path / "data"
    shutil.copytree(data_folder, data)
    shutil.copytree(data / "a", data / "partial")
    (next((data / "partial").glob("*t2*"))).unlink()
    rows = (data / "cases.csv").read_text().splitlines()
    rows = [f"{rows[0]},modalities", *(f"{row}," for row in rows[1:])]
    rows.append("partial,HGG,train,t1 t1ce flair")
    (data / "cases.csv").write_text("\n".join(rows) + "\n")
    names = {False: ["head", "twice"], True: ["head"]}
    monkeypatch.setattr(
        "training.data.learners.head_names", lambda place, *, apart=False: names[apart]
    )
    case = next(read_split(data_folder, "train"))
    monkeypatch.setattr(
        "training.data.learners.read_head",
        lambda place, name: replace(case, name=name, truth_regions=("wt",)),
    )
    drawn = []

    def step(run, bank, config):
        shares = torch.bincount(bank.patients, weights=bank.weights)
        drawn.append([round(share, 3) for share in shares.tolist()])

    monkeypatch.setattr("training.experiments.folds.train_step", step)
    config = read_config(folder / "config.toml")
    config = replace(
        config, run_folder=tmp_path, steps=1, partial=True, lgg_heads=tmp_path, lgg_weight=0.5
    )
    results = cross_validate(config, data, folds=2)
    assert sorted(results["models"]["edge_unet"]["patients"]) == ["a", "b", "c", "d"]
    # In the order a, b, c, d, the partial one, the head.
    assert drawn == [[0, 1, 0, 1, 1, 0.5], [1, 0, 1, 0, 1, 0.5]]
    kept = load_checkpoint(tmp_path / "fold_1_of_2_network.pt")["recipe"]
    assert kept["partial"] == ["partial"]
    assert kept["lgg_heads"] == ["head"]


def test_a_fold_is_taught_by_networks_that_had_not_seen_its_patients_either(
    told, folder, data_folder, tmp_path, monkeypatch
):
    asked, shares = [], []

    def answer_of(model, name, place):
        answer = distillation.answer_of(model, name, place)

        def noted(case):
            asked.append((name, case.name))
            return answer(case)

        return noted

    def step(run, bank, config):
        shares.append((bank.targets.dtype, len(bank.patients.unique())))

    monkeypatch.setattr("training.experiments.folds.answer_of", answer_of)
    monkeypatch.setattr("training.experiments.folds.train_step", step)
    teachers = (str(folder / "config.toml"),)
    config = replace(
        read_config(folder / "config.toml"), run_folder=tmp_path, steps=1, fold_teachers=teachers
    )
    results = cross_validate(config, data_folder, folds=2)
    of = {name: each["fold"] for name, each in results["models"]["edge_unet"]["patients"].items()}
    kept = load_checkpoint(tmp_path / "fold_1_of_2_network.pt")["recipe"]
    [teacher] = kept["fold_teachers"]
    assert set(asked) == {
        (f"fold_{fold}_of_2_teacher_{teacher}", name)
        for fold in (1, 2)
        for name in of
        if of[name] != fold
    }
    assert shares == [(torch.float16, 2)] * 2
    longer = tmp_path / "longer.toml"
    longer.write_text(CONFIG.format(folder=tmp_path / "longer").replace("steps = 2", "steps = 3"))
    with pytest.raises(InputError, match=r"another configuration \(fold_teachers\)"):
        cross_validate(replace(config, fold_teachers=(str(longer),)), data_folder, folds=2)


def test_a_training_on_one_split_has_no_teachers_of_folds(folder, data_folder, tmp_path):
    config = replace(
        read_config(folder / "config.toml"),
        run_folder=tmp_path,
        fold_teachers=(str(folder / "config.toml"),),
    )
    with pytest.raises(InputError, match="for one training give teachers"):
        train(config, data_folder)


@pytest.mark.parametrize("change", ['teachers = ["unet"]', 'start_from = "assets/weights/unet"'])
def test_weights_that_know_the_patients_are_refused(change, data_folder, tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(f"{change}\n{CONFIG.format(folder=tmp_path)}")
    with pytest.raises(InputError, match="trained on patients that it would score"):
        cross_validate(read_config(file), data_folder, folds=2)


def test_the_shipped_configuration_knows_no_patient():
    config = read_config(ROOT / "training" / "configs" / "cross_validation.toml")
    assert not config.teachers
    assert config.start_from is None
    assert config.patience is None
