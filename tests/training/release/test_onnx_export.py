import json

import numpy as np
import onnx
import pytest
import torch

from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from model_zoo.weights.loading import load_model, load_network
from model_zoo.weights.provenance import EMBEDDED
from tests.support.sample import write_some_slices
from training.__main__ import main
from training.release import onnx_measure
from training.release.onnx_export import ONNX_FILE, export_onnx
from training.release.onnx_measure import (
    compare,
    format_measured,
    onnx_network,
    seconds_a_slice,
    torch_network,
)

MOST_BYTES = 60_000


@pytest.fixture(scope="module")
def edge():
    return load_network("edge_unet", folder=EMBEDDED / "edge_unet")


@pytest.fixture(scope="module")
def network(edge, tmp_path_factory):
    file = tmp_path_factory.mktemp("onnx") / "new" / ONNX_FILE
    assert export_onnx(*edge, file) == file.stat().st_size
    return onnx_network(file)


@pytest.mark.parametrize("shape", [(1, 4, 240, 240), (3, 4, 16, 48)])
def test_any_number_of_slices_of_any_size(edge, network, shape):
    model, _ = edge
    slices = np.random.default_rng(1).standard_normal(shape, np.float32)
    expected = torch_network(model)(slices)
    np.testing.assert_allclose(network(slices), expected, atol=2e-3 * np.abs(expected).max())


def test_the_model_is_left_as_it_was(edge, network):
    model, _ = edge
    assert not any(module.training for module in model.modules())


def test_label_maps_are_the_same_on_the_sample(edge, network, tmp_path):
    """On a third of its slices: they are answered one by one."""
    model, _ = edge
    with open_cases([write_some_slices(tmp_path, every=3)]) as (files,):
        case = read_case(files)
    found = compare(case, torch_network(model), network, divisor=model.divisor)
    print(found)
    assert found.tumour > 10_000
    assert found.share >= 0.9999
    assert found.differing <= 1e-3 * found.tumour


def test_not_slower_than_pytorch(edge, network):
    model, _ = edge
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        plain, fast = seconds_a_slice(torch_network(model), network, divisor=model.divisor)
    finally:
        torch.set_num_threads(threads)
    print(f"fastest: ONNX Runtime {fast[1]:.4f} s, PyTorch {plain[1]:.4f} s")
    assert fast[1] < 1.5 * plain[1]


def test_the_embedded_file_is_small_and_of_the_embedded_weights():
    file = EMBEDDED / "edge_unet" / ONNX_FILE
    config = json.loads((file.parent / "config.json").read_text())
    facts = {entry.key: entry.value for entry in onnx.load(file).metadata_props}
    assert file.stat().st_size <= MOST_BYTES
    assert facts["weights_sha256"] == config["sha256"], "export it again"
    assert facts["divisor"] == "16"
    assert facts["regions"] == "wt,tc,et"


def test_the_command_writes_and_says_how_large(tmp_path, capsys):
    file = tmp_path / "edge.onnx"
    assert main(["export", "--model", "edge_unet", "--output", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: {file.stat().st_size:,} bytes\n"


def test_a_model_of_another_reading_is_exported_but_not_measured(tmp_path, capsys):
    file = tmp_path / "flair.onnx"
    command = ["export", "--model", "flair_unet", "--output", str(file), "--measure"]
    assert main(command) == 2
    assert "four modalities" in capsys.readouterr().err
    slices = torch.rand(1, 1, 96, 96).numpy()
    assert onnx_network(file)(slices).shape == (1, 1, 96, 96)


def test_what_was_measured_is_printed_and_written(monkeypatch, small_case_folder, tmp_path, capsys):
    monkeypatch.setattr(onnx_measure, "SAMPLE", small_case_folder)
    monkeypatch.setattr(onnx_measure, "_REPEATS", 2)
    file, told = tmp_path / "edge.onnx", tmp_path / "edge.json"
    command = ["export", "--model", "edge_unet", "--output", str(file), "--measure"]
    assert main([*command, "--json", str(told)]) == 0
    measured = json.loads(told.read_text())
    assert measured["bytes"] == file.stat().st_size
    assert measured["weights"] == load_model("edge_unet")[1].sha256
    assert measured["sample"]["differing"] <= 1e-3 * measured["sample"]["voxels"]
    for taken in measured["slice"]["seconds"].values():
        assert 0 < taken["fastest"] <= taken["median"]
    assert format_measured(measured) in capsys.readouterr().out


def test_a_file_for_nothing_measured_is_refused(tmp_path, capsys):
    command = ["export", "--model", "edge_unet", "--json", str(tmp_path / "edge.json")]
    assert main(command) == 2
    assert "give --measure too" in capsys.readouterr().err
