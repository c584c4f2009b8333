import csv
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from common.vocabulary import MODALITIES
from inference.preparation.brain.brain_mask import BrainMask
from training.__main__ import main
from training.brain_mask.data.lgg import patients_of
from training.data.lgg_heads import MOST_OUTSIDE, SAME_PERSON, TABLE, head_names, read_head
from training.hospital.lgg_examination import lgg_examination
from training.hospital.lgg_training import prepare_heads, prepared_head

SLICES, SIZE = 25, 48
BRAIN = slice(8, 40)  # of rows and columns; around it the skull
TUMOUR = slice(20, 30)
# What the real table says of who is who.
NOT_FOR_TRAINING = "the same person as a BraTS patient that is not for training"
PEOPLE = {
    "plain": ("train", "yes", ""),
    "no_t1": ("train", "yes", ""),
    "seen_too": ("train", "yes", f"{SAME_PERSON}: keep both in one fold"),
    "held_aside": ("train", "no", NOT_FOR_TRAINING),
    "validation": ("val", "no", "not of the training split"),
    "tested": ("test", "no", f"{SAME_PERSON}: keep both in one fold; not of the training split"),
    # A table with a slip: the split of the set itself has the last word.
    "slip": ("test", "yes", ""),
}
MAY = ["plain", "no_t1", "seen_too"]


@pytest.fixture(scope="module")
def lgg(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lgg")
    random = np.random.default_rng(0)
    for name in PEOPLE:
        (folder / name).mkdir()
        for number in range(1, SLICES + 1):
            pixels = random.integers(150, 250, (SIZE, SIZE, 3)).astype(np.uint8)
            pixels[BRAIN, BRAIN] = random.integers((60, 90, 120), (69, 99, 129), (32, 32, 3))
            pixels[BRAIN.start, BRAIN.start] = 0  # a dark voxel of the brain
            pixels[TUMOUR, TUMOUR, 1] = 200
            if name == "no_t1":
                pixels[..., 0] = pixels[..., 1]
            mask = np.zeros((SIZE, SIZE), np.uint8)
            mask[TUMOUR, TUMOUR] = 255 * (5 < number <= 15)
            Image.fromarray(pixels).save(folder / name / f"{name}_{number}.tif")
            Image.fromarray(mask).save(folder / name / f"{name}_{number}_mask.tif")
    splits = [f"{name},{split}" for name, (split, _, _) in PEOPLE.items()]
    (folder / "patients.csv").write_text("\n".join(["patient,split", *splits]) + "\n")
    told = [f"{name},{','.join(each)}" for name, each in PEOPLE.items()]
    header = "patient,lgg_split,may_train_brats,why"
    (folder / "allowed.csv").write_text("\n".join([header, *told]) + "\n")
    return folder


def middle(image, grid=None):
    """The brain of these heads, in RAS+ order."""
    brain = np.zeros(image.shape, bool)
    brain[8:40, 8:40] = True
    return brain


def bitten(image, grid=None):
    """One that lacks the upper half of the tumour."""
    brain = middle(image)
    brain[:, :, :10] = False
    return brain


@pytest.fixture
def mask_network(monkeypatch):
    """Stands for the network; what it was asked is kept."""
    asked = []

    def find(image, grid, *, model):
        asked.append(model)
        return BrainMask(middle(image), 0.0)

    network = SimpleNamespace(asked=asked, sha256="first")
    place = "training.hospital.lgg_training"
    monkeypatch.setattr(f"{place}.find_brain", find)
    monkeypatch.setattr(f"{place}.load_model", lambda name, precision: (name, network))
    return network


def test_a_head_is_masked_and_its_slices_are_as_they_were(lgg):
    examination = lgg_examination(lgg, "plain", "train")
    head = prepared_head(examination, middle)
    assert head["volume"].shape == (4, 32, 32, SLICES)
    assert head["volume"].dtype == np.uint8
    levels = {m: head["volume"][MODALITIES.index(m), 0, 0, 0] for m in MODALITIES}
    assert 60 <= levels["t1"] < 70
    assert 90 <= levels["flair"] < 100
    assert 120 <= levels["t1c"] < 130
    assert levels["t2"] == 0
    flair = examination.images["flair"].voxels[8:40, 8:40]
    np.testing.assert_array_equal(head["volume"][3], np.maximum(flair, 1))
    assert (head["volume"][3] == 1).any(), "a dark voxel of the brain is no background"
    assert head["spacing"] == pytest.approx((240 / 256, 240 / 256, 6.0))
    assert head["tumour_outside"] == 0
    assert np.count_nonzero(head["truth"]) == 100 * 10
    assert set(np.unique(head["truth"])) == {0, 2}
    bright = head["volume"][3] > 150
    np.testing.assert_array_equal(head["truth"] > 0, bright & (head["truth"] > 0))


def test_a_tumour_outside_the_brain_is_counted_and_not_learned(lgg):
    head = prepared_head(lgg_examination(lgg, "plain", "train"), bitten)
    assert head["tumour_outside"] == pytest.approx(0.5)
    assert np.count_nonzero(head["truth"]) == 100 * 5


def test_only_those_who_may_train_are_written(lgg, tmp_path, mask_network):
    """Nobody of validation or test, nobody held aside: not a file, not a line of the table."""
    assert prepare_heads(lgg, lgg / "allowed.csv", tmp_path) == len(MAY)
    assert sorted(file.stem for file in tmp_path.glob("*.npz")) == sorted(MAY)
    assert head_names(tmp_path) == MAY
    assert head_names(tmp_path, apart=True) == ["plain", "no_t1"]
    with (tmp_path / TABLE).open() as stream:
        rows = {row["patient"]: row for row in csv.DictReader(stream)}
    assert list(rows) == MAY
    assert float(rows["plain"]["brain_ml"]) == pytest.approx(32 * 32 * 25 * 0.9375**2 * 6 / 1000)


def test_a_head_comes_back_as_a_partial_case(lgg, tmp_path, mask_network):
    prepare_heads(lgg, lgg / "allowed.csv", tmp_path)
    case = read_head(tmp_path, "no_t1")
    assert case.present == ("t1c", "flair")
    assert case.truth_regions == ("wt",)
    assert not case.volume[[0, 2]].any()
    assert case.volume.dtype == np.float32
    assert case.spacing == pytest.approx((0.9375, 0.9375, 6.0))
    assert case.voxel_size_known
    assert read_head(tmp_path, "plain").present == ("t1", "t1c", "flair")


def test_stopped_it_goes_on_and_without_the_last_there_is_no_table(
    lgg, tmp_path, mask_network, monkeypatch
):
    whole = lgg_examination

    def broken(folder, name, split):
        if name == "seen_too":
            raise KeyboardInterrupt
        return whole(folder, name, split)

    monkeypatch.setattr("training.hospital.lgg_training.lgg_examination", broken)
    with pytest.raises(KeyboardInterrupt):
        prepare_heads(lgg, lgg / "allowed.csv", tmp_path)
    assert not (tmp_path / TABLE).exists()
    assert len(mask_network.asked) == 3 + 2, "each sequence that is no copy is masked"
    monkeypatch.undo()


def test_what_was_masked_is_masked_again_by_other_weights_alone(lgg, tmp_path, mask_network):
    prepare_heads(lgg, lgg / "allowed.csv", tmp_path)
    made = len(mask_network.asked)
    prepare_heads(lgg, lgg / "allowed.csv", tmp_path)
    assert len(mask_network.asked) == made
    mask_network.sha256 = "second"
    prepare_heads(lgg, lgg / "allowed.csv", tmp_path)
    assert len(mask_network.asked) == 2 * made


def test_the_command_writes_and_counts(lgg, tmp_path, mask_network, capsys):
    options = ["--lgg", str(lgg), "--allowed", str(lgg / "allowed.csv")]
    assert main(["prepare-lgg", *options, "--output", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"3 heads in {tmp_path}\n"


def test_nobody_who_is_kept_aside_is_among_the_real_ones(real_data):
    """The table of the data folder itself: whoever it excludes for any reason stays out."""
    data = real_data.parent
    if not (data / "lgg_for_brats.csv").is_file():
        pytest.skip("the table of who is whom is not beside the data")
    with (data / "lgg_for_brats.csv").open() as stream:
        told = {row["patient"]: row for row in csv.DictReader(stream)}
    names = patients_of(data / "lgg", "train", data / "lgg_for_brats.csv")
    assert len(names) > 60
    for name in names:
        assert told[name]["may_train_brats"] == "yes", name
        assert told[name]["lgg_split"] == "train", name
        assert "not for training" not in told[name]["why"], name
    excluded = {name for name, row in told.items() if row["may_train_brats"] != "yes"}
    assert len(excluded) > 20
    assert not excluded & set(names)


def test_a_mask_that_cuts_off_a_tumour_is_left_out(lgg, tmp_path, mask_network):
    prepare_heads(lgg, lgg / "allowed.csv", tmp_path)
    table = (tmp_path / TABLE).read_text().splitlines()
    table[1] = table[1].rsplit(",", 1)[0] + f",{MOST_OUTSIDE + 0.01}"
    (tmp_path / TABLE).write_text("\n".join(table) + "\n")
    assert head_names(tmp_path) == ["no_t1", "seen_too"]
