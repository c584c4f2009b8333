import nibabel as nib
import pytest

from synthetic import SyntheticCase, __main__, commands


def test_it_writes_a_case_named_as_its_folder(case, tmp_path, monkeypatch, capsys):
    asked = {}

    def small(*, seed: int) -> SyntheticCase:
        asked["seed"] = seed
        return case

    monkeypatch.setattr(commands, "make_case", small)
    __main__.main(["--output", str(tmp_path / "mine"), "--seed", "7"])
    assert asked == {"seed": 7}
    assert nib.load(tmp_path / "mine" / "mine_flair.nii.gz").shape == case.truth.shape
    assert "mine_seg.nii.gz" in capsys.readouterr().out


def test_it_writes_a_study_of_the_wanted_variant(tmp_path, monkeypatch, capsys):
    asked = {}

    def note(folder, **options):
        asked.update(options, folder=folder)
        return []

    monkeypatch.setattr(commands, "write_study", note)
    __main__.main(["study", "--output", str(tmp_path), "--variant", "enhanced", "--seed", "3"])
    assert asked == {"folder": tmp_path, "variant": "enhanced", "seed": 3}
    assert str(tmp_path) in capsys.readouterr().out


def test_it_asks_for_a_folder(capsys):
    with pytest.raises(SystemExit, match="2"):
        __main__.main([])
    assert "--output" in capsys.readouterr().err
