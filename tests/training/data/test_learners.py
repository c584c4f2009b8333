import csv
import shutil
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

from common.errors import InputError
from training.data.learners import (
    heads_of,
    learners,
    training_cases,
    training_names,
    validation_cases,
    weight_of_cases,
)
from training.data.lgg_heads import SAME_PERSON, TABLE
from training.data.patients import partial_cases, read_split, split_cases
from training.data.slices import build_bank
from training.run.train import train

COLUMNS = "case,grade,split,modalities,truth"
ALL = "t1 t1ce t2 flair,all"
# Someone who lacks something stands in every split: only those of training may be learned from.
ROWS = (
    f"a,HGG,train,{ALL}",
    "no_t1,HGG,train,t1ce t2 flair,all",
    "one_mask,,train,t1 flair,whole tumour",
    f"c,HGG,val,{ALL}",
    "val_partial,HGG,val,t1ce flair,all",
    f"d,LGG,test,{ALL}",
    "test_partial,HGG,test,t1 flair,whole tumour",
)
LEARNED_WITH, LEARNED_WITHOUT = ["a", "no_t1", "one_mask"], ["a"]


@pytest.fixture(scope="module")
def mixed(data_folder, tmp_path_factory):
    """Patients of every split, of whom some lack modalities or have a mask of 255."""
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "cases.csv").write_text("\n".join([COLUMNS, *ROWS]) + "\n")
    for name, *_, modalities, truth in (row.split(",") for row in ROWS):
        source = data_folder / (name if (data_folder / name).exists() else "b")
        (folder / name).mkdir()
        for file in source.glob("*.nii*"):
            kind = file.name.split(".")[0].rsplit("_", 1)[-1]
            if kind in (*modalities.split(), "seg"):
                shutil.copy(file, folder / name / file.name)
        if truth != "all":
            (file,) = (folder / name).glob("*seg*")
            labels = nib.load(file)
            white = (labels.get_fdata() > 0).astype(np.uint8) * np.uint8(255)
            nib.save(nib.Nifti1Image(white, labels.affine), file)
    return folder


@pytest.fixture(scope="module")
def heads(data_folder, tmp_path_factory):
    """Two LGG heads, one of whom stands in the training split as well."""
    folder = tmp_path_factory.mktemp("heads")
    case = next(read_split(data_folder, "train"))
    told = {"TCGA_1": "", "TCGA_2": f"{SAME_PERSON}: keep both in one fold"}
    for name in told:
        volume, truth = case.volume.astype(np.uint8), np.where(case.truth > 0, 2, 0)
        volume[2] = 0
        spacing = (1.0, 1.0, 5.0)
        np.savez(
            folder / f"{name}.npz", volume=volume, truth=truth.astype(np.uint8), spacing=spacing
        )
    rows = [f"{name},train,yes,{why},1400,0.01" for name, why in told.items()]
    header = "patient,lgg_split,may_train_brats,why,brain_ml,tumour_outside"
    (folder / TABLE).write_text("\n".join([header, *rows]) + "\n")
    return folder


@pytest.mark.parametrize(("partial", "names"), [(True, LEARNED_WITH), (False, LEARNED_WITHOUT)])
def test_whoever_lacks_something_takes_part_if_told_and_nobody_of_another_split(
    mixed, tiny_config, partial, names
):
    config = replace(tiny_config, partial=partial)
    assert training_names(config, mixed) == names
    assert [case.name for case in training_cases(config, mixed)] == names
    again = [case.name for case in training_cases(config, mixed)]
    assert again == names, "the order is that of the table"


def test_what_they_lack_is_known(mixed, tiny_config):
    config = replace(tiny_config, partial=True)
    cases = {case.name: case for case in training_cases(config, mixed)}
    assert cases["no_t1"].present == ("t1c", "t2", "flair")
    assert cases["no_t1"].truth_regions == ("wt", "tc", "et")
    assert cases["one_mask"].present == ("t1", "flair")
    assert cases["one_mask"].truth_regions == ("wt",)
    bank = build_bank(cases.values())
    known = [bank.known[bank.patients == patient].all(dim=0).tolist() for patient in range(3)]
    assert known == [[True] * 3, [True] * 3, [True, False, False]]
    assert not bank.slices[bank.patients == 2][:, [1, 2]].any()


def test_nobody_who_lacks_something_is_scored(mixed, tiny_config):
    config = replace(tiny_config, partial=True, hold_out=("no_t1", "a"))
    assert [case.name for case in validation_cases(config, mixed)] == ["a", "c"]
    assert training_names(config, mixed) == ["one_mask"]
    assert split_cases(mixed, "test") == ["d"]
    assert partial_cases(mixed, "val") == ["val_partial"]


def test_heads_come_after_the_patients_and_weigh_what_they_are_told(mixed, heads, tiny_config):
    config = replace(tiny_config, lgg_heads=heads, lgg_weight=0.25, low_grade_weight=2.0)
    names = [case.name for case in learners(config, mixed, ["a"])]
    assert names == ["a", "TCGA_1", "TCGA_2"]
    apart = [case.name for case in learners(config, mixed, ["a"], apart=True)]
    assert apart == ["a", "TCGA_1"]
    weight = weight_of_cases(config, mixed)
    assert [weight(name) for name in ("a", "d", "TCGA_2")] == [1.0, 2.0, 0.25]
    assert heads_of(replace(config, lgg_heads=None)) == []
    assert heads_of(replace(config, hold_out=("no_t1",))) == ["TCGA_1"]


def test_it_trains_on_all_of_them_and_says_how_many(mixed, heads, tiny_config):
    from model_zoo.weights.folder import read_config

    config = replace(tiny_config, partial=True, lgg_heads=heads, lgg_weight=0.5, steps=4)
    train(config, mixed)
    written = read_config(config.weights_folder, "edge_unet")
    assert written["patients"] == {"train": 3, "val": 1, "partial": 2, "lgg_heads": 2}
    card = (config.weights_folder / "README.md").read_text()
    assert "2 patients of TCGA-LGG" in card
    assert "CC BY-NC-SA 4.0" in card


def test_the_real_table_gives_nobody_of_validation_or_test(real_data, tmp_path, tiny_config):
    """As ``unpack.py`` joins the two tables; a patient of two names would be a leak."""
    tables = [real_data / "cases.csv", real_data / "more" / "more.csv"]
    if not tables[1].is_file():
        pytest.skip("the tables are joined already")
    rows = [row for table in tables for row in csv.DictReader(table.open())]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with (tmp_path / "cases.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    splits = {row["case"]: row["split"] for row in rows}
    whole, with_partial = (
        training_names(replace(tiny_config, partial=partial), tmp_path) for partial in (False, True)
    )
    assert [len(whole), len(with_partial)] == [31, 42]
    assert {splits[name] for name in with_partial} == {"train"}
    assert len(partial_cases(tmp_path, "train")) == 11


def test_fewer_patients_are_among_more_and_of_each_grade(tmp_path, tiny_config):
    rows = [f"p{n:02},{'LGG' if n % 4 == 0 else 'HGG'},train,{ALL}" for n in range(40)]
    (tmp_path / "cases.csv").write_text("\n".join([COLUMNS, *rows]) + "\n")
    names = [
        training_names(replace(tiny_config, patients=count), tmp_path) for count in (8, 20, 40)
    ]
    assert [len(each) for each in names] == [8, 20, 40]
    assert set(names[0]) < set(names[1]) < set(names[2])
    assert names[2] == training_names(tiny_config, tmp_path)
    low = {f"p{n:02}" for n in range(0, 40, 4)}
    assert [len(low & set(each)) for each in names] == [2, 5, 10]
    assert names[0] != names[2][:8]
    with pytest.raises(InputError, match="asks for 41 patients to learn from; at most 40"):
        training_names(replace(tiny_config, patients=41), tmp_path)
    with pytest.raises(ValueError, match="at least 1"):
        replace(tiny_config, patients=0)
