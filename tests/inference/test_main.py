"""The command line, as scripts depend on it."""

import gzip
import json
import shutil
import subprocess
import sys

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from common.processor import processor_features
from inference.__main__ import main
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import to_slices
from model_zoo.weights import loading
from tests.conftest import ROOT
from tests.inference.motions import rigid

MODELS = ("unet", "resnet_unet", "transunet")
ALL = (*MODELS, "consensus")


def copy_case(source, target):
    shutil.copytree(source, target)
    return target


@pytest.fixture(scope="module")
def finished(small_case_folder, tmp_path_factory):
    """One run with all models: its folder and its JSON."""
    out = tmp_path_factory.mktemp("out")
    arguments = [small_case_folder, "--model", "all", "--output", out, "--json", out / "r.json"]
    assert main(list(map(str, arguments))) == 0
    return out, json.loads((out / "r.json").read_text())


def test_writes_three_label_maps_and_a_consensus(finished, small_case_folder):
    out, _ = finished
    assert {file.name for file in out.glob("*.nii.gz")} == {f"{name}.nii.gz" for name in ALL}
    given = nib.load(next(small_case_folder.glob("*flair*")))
    for name in ALL:
        written = nib.load(out / f"{name}.nii.gz")
        assert written.shape == given.shape
        assert written.get_data_dtype() == np.uint8
        np.testing.assert_array_equal(written.affine, given.affine)
        for code in ("qform_code", "sform_code", "xyzt_units"):
            assert written.header[code] == given.header[code]
        assert set(np.unique(np.asarray(written.dataobj))) <= {0, 1, 2, 3}


def test_json_has_the_promised_shape(finished, small_case_folder):
    _, report = finished
    assert report["case"] == "small"
    assert set(report["models"]) == set(ALL)
    assert {"torch", "numpy", "nibabel"} <= set(report["versions"])
    for result in report["models"].values():
        seconds = result["seconds"]
        assert set(seconds) == {"read", "preprocess", "predict", "postprocess", "total"}
        assert seconds["total"] == pytest.approx(sum(seconds.values()) - seconds["total"])
        for part in ("volume_ml", "dice"):
            assert set(result[part]) == {"wt", "tc", "et"}
        told = {"source", "revision", "sha256", "precision", "int8_sha256", "runtime"}
        assert set(result["weights"]) == told
    assert report["processor"] == list(processor_features())
    for name in MODELS:
        assert report["models"][name]["weights"]["runtime"] == "OpenVINO"
        config = json.loads((loading.EMBEDDED / name / "config.json").read_text())
        assert report["models"][name]["weights"]["sha256"] == config["sha256"]


def test_the_numbers_are_those_of_the_files(finished, small_case_folder):
    out, report = finished
    truth = np.asarray(nib.load(next(small_case_folder.glob("*seg*"))).dataobj) > 0
    for name in ALL:
        image = nib.load(out / f"{name}.nii.gz")
        drawn = np.asarray(image.dataobj) > 0
        dice = 2 * (drawn & truth).sum() / (drawn.sum() + truth.sum())
        assert report["models"][name]["dice"]["wt"] == pytest.approx(dice)
        volume = drawn.sum() * np.prod(image.header.get_zooms()) / 1000
        assert report["models"][name]["volume_ml"]["wt"] == pytest.approx(volume, rel=1e-5)


def test_without_output_nothing_is_written(small_case_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([str(small_case_folder), "--model", "unet"]) == 0
    assert list(tmp_path.iterdir()) == []
    assert "small" in capsys.readouterr().out


def test_without_truth_dice_is_null_and_a_missing_modality_is_told(
    small_case_folder, tmp_path, capsys
):
    folder = copy_case(small_case_folder, tmp_path / "partial")
    for part in ("seg", "t1ce"):
        next(folder.glob(f"*_{part}*")).unlink()
    report = tmp_path / "r.json"
    assert main([str(folder), "--model", "resnet_unet", "--json", str(report)]) == 0
    assert json.loads(report.read_text())["models"]["resnet_unet"]["dice"] is None
    assert "Upload the T1c file too" in capsys.readouterr().out


def test_several_cases_get_a_folder_each(small_case_folder, tmp_path):
    cases = tmp_path / "cases"
    for name in ("P1", "P2"):
        copy_case(small_case_folder, cases / name)
        for file in (cases / name).iterdir():
            file.rename(file.with_name(file.name.replace("small", name)))
    out, report = tmp_path / "out", tmp_path / "r.json"
    arguments = [cases, "--model", "unet", "--output", out, "--json", report]
    assert main(list(map(str, arguments))) == 0
    assert sorted(str(f.relative_to(out)) for f in out.rglob("*.gz")) == [
        "P1/unet.nii.gz",
        "P2/unet.nii.gz",
    ]
    assert [entry["case"] for entry in json.loads(report.read_text())] == ["P1", "P2"]


def folder_of_text(folder):
    for file in folder.iterdir():
        file.unlink()
    (folder / "notes.txt").write_text("nothing here")
    return folder.name


def truncated(folder):
    file = next(folder.glob("*_flair.*"))
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    return file.name


def text_in_disguise(folder):
    file = next(folder.glob("*_t1.*"))
    file.write_bytes(gzip.compress(b"I am a text file. " * 100))
    return file.name


def other_grid(folder):
    file = next(folder.glob("*_t1ce.*"))
    image = nib.load(file)
    affine = image.affine.copy()
    affine[0, 3] += 20
    nib.save(nib.Nifti1Image(np.asarray(image.dataobj), affine), file)
    return file.name


def other_shape(folder):
    file = next(folder.glob("*_t1ce.*"))
    image = nib.load(file)
    nib.save(nib.Nifti1Image(np.asarray(image.dataobj)[:-1], image.affine), file)
    return file.name


def no_folder(folder):
    shutil.rmtree(folder)
    return folder.name


@pytest.mark.parametrize(
    "spoil",
    [
        folder_of_text,
        truncated,
        text_in_disguise,
        other_grid,
        other_shape,
        no_folder,
    ],
)
def test_bad_input_is_one_line_that_names_the_file(spoil, small_case_folder, tmp_path, capsys):
    folder = copy_case(small_case_folder, tmp_path / "case_7")
    name = spoil(folder)
    out = tmp_path / "out"
    arguments = [folder, "--model", "all", "--output", out, "--json", tmp_path / "r.json"]
    assert main([*map(str, arguments), "--prepare", "never"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert name in told
    assert not out.exists()
    assert not (tmp_path / "r.json").exists()


@pytest.fixture(scope="module")
def slice_folder(small_case_folder, tmp_path_factory):
    """Two pictures of a slice, and a mask of its tumour."""
    with open_cases([small_case_folder]) as (files,):
        case = read_case(files)
    z = int((case.truth > 0).sum(axis=(0, 1)).argmax())
    folder = tmp_path_factory.mktemp("slice")
    images = to_slices(case.volume)[z, [0, 3]].astype(np.uint8)
    mask = to_slices((case.truth > 0)[None])[z, 0] * np.uint8(255)
    for name, image in zip(("t1", "flair", "mask"), [*images, mask], strict=True):
        Image.fromarray(image).save(folder / f"P1_{name}.png")
    return folder


def test_pictures_give_a_picture_of_their_size(slice_folder, tmp_path, capsys):
    report = tmp_path / "r.json"
    arguments = [slice_folder, "--model", "unet"]
    arguments += ["--output", tmp_path / "out", "--json", report]
    assert main(list(map(str, arguments))) == 0
    result = json.loads(report.read_text())["models"]["unet"]
    labels = np.asarray(Image.open(tmp_path / "out" / "unet.png"))
    assert labels.shape == (64, 64)
    assert set(np.unique(labels)) <= {0, 1, 2, 3}
    assert result["volume_ml"] is None
    assert result["pixels"]["wt"] == (labels > 0).sum()
    truth = np.asarray(Image.open(slice_folder / "P1_mask.png")) > 0
    overlap = 2 * (truth & (labels > 0)).sum() / (truth.sum() + (labels > 0).sum())
    assert result["dice"]["wt"] == pytest.approx(overlap)
    assert result["dice"]["tc"] is None
    assert "ml" not in capsys.readouterr().out.split("Upload")[0]


def test_a_mask_that_could_mean_anything_is_one_line(slice_folder, tmp_path, capsys):
    folder = shutil.copytree(slice_folder, tmp_path / "P1")
    mask = np.asarray(Image.open(folder / "P1_mask.png")) // 255
    Image.fromarray(mask).save(folder / "P1_mask.png")
    assert main([str(folder), "--output", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "P1_mask.png" in told
    assert "--truth-labels" in told
    assert told.count("\n") == 1


def test_other_grids_are_resampled_if_asked(small_case_folder, tmp_path):
    folder = copy_case(small_case_folder, tmp_path / "case_7")
    other_shape(folder)
    given = nib.load(next(folder.glob("*_seg*")))
    arguments = [folder, "--model", "unet", "--resample", "--output", tmp_path / "out"]
    assert main(list(map(str, arguments))) == 0
    written = nib.load(tmp_path / "out" / "unet.nii.gz")
    assert written.shape == given.shape
    np.testing.assert_array_equal(written.affine, given.affine)


def moved_head(folder, shift_mm, turn_degrees):
    """A FLAIR of a head that has moved, of which no header knows."""
    file = next(folder.glob("*_flair.*"))
    image = nib.load(file)
    middle = nib.affines.apply_affine(image.affine, np.array(image.shape) / 2)
    affine = rigid(shift_mm, turn_degrees, about=middle) @ image.affine
    nib.save(nib.Nifti1Image(np.asarray(image.dataobj), affine), file)
    return file.name


def test_a_head_that_moved_is_laid_back_if_asked(small_case_folder, tmp_path, capsys):
    folder = copy_case(small_case_folder, tmp_path / "case_7")
    name = moved_head(folder, 12, 10)
    given = nib.load(next(folder.glob("*_seg*")))
    dice = {}
    for how in ("--resample", "--register"):
        out, report = tmp_path / how, tmp_path / f"{how}.json"
        arguments = [folder, "--model", "flair_unet", how, "--output", out, "--json", report]
        assert main(list(map(str, arguments))) == 0
        dice[how] = json.loads(report.read_text())["models"]["flair_unet"]["dice"]["wt"]
        written = nib.load(out / "flair_unet.nii.gz")
        assert written.shape == given.shape
        np.testing.assert_array_equal(written.affine, given.affine)
        told = capsys.readouterr().out
        assert ("was moved by" in told) == (how == "--register")
    assert f"Aligned to small_t1ce.nii.gz: {name} was moved by 1" in told
    assert "small_seg.nii.gz was not moved" in told
    assert dice["--register"] > dice["--resample"] + 0.1


def test_a_head_that_cannot_be_laid_back_is_told_by_name(small_case_folder, tmp_path, capsys):
    folder = copy_case(small_case_folder, tmp_path / "case_7")
    for part in ("t1", "t2", "seg"):
        next(folder.glob(f"*_{part}.*")).unlink()
    name = moved_head(folder, 0, 50)
    assert main([str(folder), "--model", "flair_unet", "--register"]) == 0
    told = capsys.readouterr().out
    assert (
        f"{name} was not aligned to small_t1ce.nii.gz and stays where its header places it" in told
    )
    assert "more than a head moves" in told


def test_pictures_cannot_be_aligned(slice_folder, tmp_path, capsys):
    assert main([str(slice_folder), "--register", "--output", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "P1_t1.png does not state how large a pixel is" in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_missing_weights_are_exit_3(small_case_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(loading, "EMBEDDED", tmp_path / "nowhere")
    assert main([str(small_case_folder), "--output", str(tmp_path / "out")]) == 3
    told = capsys.readouterr().err
    assert "weights of unet are missing" in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_output_that_cannot_be_written_is_one_line(small_case_folder, tmp_path, capsys):
    blocked = tmp_path / "out"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(SystemExit) as left:  # before anything is computed
        main([str(small_case_folder), "--model", "unet", "--output", str(blocked)])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "out is no folder" in told


@pytest.mark.parametrize(
    "arguments", [[], ["case", "--model", "vnet"], ["case", "--channels", "t1,t9"]]
)
def test_a_mistyped_command_is_one_line(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.slow
def test_as_a_command_it_answers_like_that_too(tmp_path):
    answer = subprocess.run(
        [sys.executable, "-m", "inference", tmp_path / "nowhere", "--model", "all"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "nowhere does not exist" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    "name", ["Brats18_2013_3_1", "Brats18_CBICA_AQN_1", "Brats18_TCIA01_378_1", "BraTS2021_01483"]
)
def test_on_real_patients(real_data, tmp_path, name):
    """Geometry on every original case; what the scores are is for the evaluation to say."""
    report = tmp_path / "r.json"
    arguments = [real_data / name, "--model", "resnet_unet", "--output", tmp_path, "--json", report]
    assert main(list(map(str, arguments))) == 0
    given = nib.load(real_data / name / f"{name}_flair.nii.gz")
    written = nib.load(tmp_path / "resnet_unet.nii.gz")
    np.testing.assert_array_equal(written.affine, given.affine)
    assert written.shape == given.shape
    for code in ("qform_code", "sform_code"):
        assert written.header[code] == given.header[code]
    outside = np.asarray(given.dataobj) == 0
    for modality in ("t1", "t1ce", "t2"):
        outside &= np.asarray(nib.load(real_data / name / f"{name}_{modality}.nii.gz").dataobj) == 0
    assert not np.asarray(written.dataobj)[outside].any()
    # Not a score worth telling, but a flipped or shifted map would be far below it.
    assert json.loads(report.read_text())["models"]["resnet_unet"]["dice"]["wt"] > 0.6


def test_a_model_of_one_region_says_nothing_of_the_others(small_case_folder, tmp_path, capsys):
    numbers = tmp_path / "numbers.json"
    words = [str(small_case_folder), "--model", "flair_unet", "--output", str(tmp_path)]
    assert main([*words, "--json", str(numbers)]) == 0
    told = json.loads(numbers.read_text())["models"]["flair_unet"]
    assert told["dice"]["wt"] is not None
    assert [told[key][r] for key in ("dice", "volume_ml") for r in ("tc", "et")] == [None] * 4
    assert "TC" not in capsys.readouterr().out
    labels = np.asarray(nib.load(tmp_path / "flair_unet.nii.gz").dataobj)
    assert set(np.unique(labels)) <= {0, 2}
