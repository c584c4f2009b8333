import json

import pytest

from tests.support import made_up_results
from workspace.benchmark.case_pictures import SYNTHETIC_FOLDER, patients_folder, read_pictures


@pytest.fixture
def folder(tmp_path):
    told = made_up_results.captions(unet="abc")
    made_up_results.draw_pictures(tmp_path, told)
    (tmp_path / "captions.json").write_text(json.dumps(told))
    return tmp_path


def test_the_best_stands_before_the_worst_with_its_numbers(folder):
    best, worst = read_pictures(folder).of("unet")
    assert best.caption == "Best: synthetic_0, axial slice 80. Dice WT 0.90, TC 0.80, ET 0.70."
    assert worst.caption.startswith("Worst: synthetic_1")


def test_a_picture_that_is_not_there_is_left_out(folder):
    (folder / "unet-best.webp").unlink()
    assert [each.file.name for each in read_pictures(folder).of("unet")] == ["unet-worst.webp"]


def test_the_triple_sigmoid_has_both_dice(folder):
    assert (
        "(Dice 0.91) and after three (Dice 0.02)" in read_pictures(folder).triple_sigmoid().caption
    )


def test_pictures_of_other_weights_are_known(folder):
    assert read_pictures(folder).is_of({"unet": "abc", "transunet": "x"})
    assert not read_pictures(folder).is_of({"unet": "another"})


def test_an_empty_folder_has_none(tmp_path):
    assert read_pictures(tmp_path) is None


def test_the_environment_says_where_pictures_of_patients_are(monkeypatch, tmp_path):
    monkeypatch.setenv("GLIOLENS_PICTURES", str(tmp_path))
    assert patients_folder() == tmp_path
    monkeypatch.delenv("GLIOLENS_PICTURES")
    assert patients_folder().parts[-2:] == ("local", "pictures")


def test_what_is_shipped_is_synthetic_and_small():
    captions = SYNTHETIC_FOLDER / "captions.json"
    if not captions.is_file():
        pytest.skip("no pictures are shipped; python -m training pictures --synthetic draws them")
    told = json.loads(captions.read_text())
    assert told["synthetic"] is True
    assert "no patients" in told["about"]
    assert all(each["case"].startswith("synthetic") for each in told["pictures"])
    files = list(SYNTHETIC_FOLDER.glob("*.webp"))
    assert len(files) == 7
    assert all(file.stat().st_size < 100_000 for file in files)
