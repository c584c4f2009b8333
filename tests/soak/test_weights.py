"""Weights with a fault give no result; replaced: ``tests/model_zoo/weights/test_replaced.py``."""

import json
import shutil

import pytest

from inference.__main__ import main
from model_zoo.weights import loading


def _remove(folder):
    for file in folder.iterdir():
        file.unlink()


def _cut(folder):
    for file in _numbers(folder):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _flip(folder):
    for file in _numbers(folder):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)


def _empty(folder):
    for file in _numbers(folder):
        file.write_bytes(b"")


def _of_another_model(folder):
    _remove(folder)
    for file in (loading.EMBEDDED / "resnet_unet").glob("*.*"):
        shutil.copy(file, folder)


def _no_configuration(folder):
    (folder / "config.json").write_text("{")


def _another_checksum(folder):
    config = json.loads((folder / "config.json").read_text())
    changed = {key: "0" * 64 if "sha256" in key else value for key, value in config.items()}
    (folder / "config.json").write_text(json.dumps(changed))


def _numbers(folder):
    return [file for file in folder.rglob("*") if file.suffix in (".safetensors", ".bin", ".xml")]


WEIGHTS = {
    "missing": _remove,
    "truncated": _cut,
    "one bit flipped": _flip,
    "empty": _empty,
    "of another architecture": _of_another_model,
    "without a configuration": _no_configuration,
    "with another checksum": _another_checksum,
}


@pytest.mark.parametrize("fault", WEIGHTS.values(), ids=WEIGHTS.keys())
def test_weights_with_a_fault_give_no_result(
    fault, small_case_folder, tmp_path, monkeypatch, capfd
):
    embedded = tmp_path / "weights"
    shutil.copytree(loading.EMBEDDED / "unet", embedded / "unet")
    fault(embedded / "unet")
    monkeypatch.setattr(loading, "EMBEDDED", embedded)
    out = tmp_path / "out"
    code = main([str(small_case_folder), "--model", "unet", "--output", str(out)])
    error = capfd.readouterr().err
    assert code == 3, error
    assert error.count("\n") == 1
    assert "unet" in error
    assert list(out.rglob("*.nii.gz")) == []
