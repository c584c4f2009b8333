import json

import numpy as np
import pytest
from PIL import Image

from inference.metrics import region_dice
from tests.conftest import ROOT, SMALL
from training.__main__ import main
from training.cards import pictures
from training.cards.pictures import CAPTIONS, _answer, picture_patients, picture_synthetic
from training.cards.synthetic_cases import synthetic_cases


@pytest.fixture(scope="module")
def answered():
    """The mean Dice of every case that was answered, by its name."""
    return {}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, answered):
    folder = tmp_path_factory.mktemp("pictures")

    def answer(case, networks):
        images, answers = _answer(case, networks)
        answered[case.name] = np.mean([*region_dice(answers["unet"].labels, case.truth).values()])
        return images, answers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "_answer", answer)
        picture_synthetic(folder, ("unet",), cases=synthetic_cases(shape=SMALL))
    return folder, json.loads((folder / CAPTIONS).read_text())


def test_the_best_and_the_worst_case_are_drawn(drawn):
    folder, told = drawn
    assert [each["rank"] for each in told["pictures"]] == ["best", "worst"]
    best, worst = told["pictures"]
    assert best["mean_dice"] > worst["mean_dice"]
    assert best["case"] != worst["case"]
    for each in told["pictures"]:
        with Image.open(folder / each["file"]) as picture:
            assert picture.width > 900
        assert (folder / each["file"]).stat().st_size < 100_000


def test_no_case_is_better_than_the_best_or_worse_than_the_worst(drawn, answered):
    best, worst = drawn[1]["pictures"]
    assert len(answered) == 4
    assert best["case"] == max(answered, key=answered.get)
    assert worst["case"] == min(answered, key=answered.get)
    assert best["mean_dice"] == pytest.approx(max(answered.values()), abs=1e-6)


def test_captions_say_what_and_of_which_weights(drawn):
    told = drawn[1]
    config = json.loads((ROOT / "assets" / "weights" / "unet" / "config.json").read_text())
    assert told["weights"] == {"unet": config["sha256"]}
    assert told["synthetic"] is True
    assert "no patients" in told["about"]
    assert told["cases"] == 4
    assert "pictures --synthetic" in told["command"]


def test_three_sigmoids_draw_every_pixel(drawn):
    folder, told = drawn
    triple = told["triple_sigmoid"]
    assert triple["share_of_pixels"] == 1.0
    assert triple["dice"]["three"] < triple["dice"]["one"]
    assert (folder / triple["file"]).is_file()


def test_patients_are_drawn_from_a_split_and_not_called_synthetic(data_folder, tmp_path):
    picture_patients(data_folder, "test", tmp_path / "out", ("edge_unet",))
    told = json.loads((tmp_path / "out" / CAPTIONS).read_text())
    assert [each["case"] for each in told["pictures"]] == ["d", "d"]
    assert told["synthetic"] is False
    assert "triple_sigmoid" not in told
    assert "test split" in told["about"]


def test_a_source_must_be_given(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["pictures", "--output", str(tmp_path)])
    assert stopped.value.code == 2
    assert "--synthetic" in capsys.readouterr().err


def test_pictures_of_patients_are_kept_from_git():
    assert "/local/" in (ROOT / ".gitignore").read_text().splitlines()
