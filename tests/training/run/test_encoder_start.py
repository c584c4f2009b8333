from dataclasses import replace

import pytest
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional as F

from common.errors import InputError
from model_zoo.factory import create_model
from tests.support.made_up_vgg16 import WIDTHS, weights
from training.run.encoder_start import GREY_LEVELS, start_encoder
from training.run.train import train


class Small(nn.Module):
    """As much of a network as a start needs: VGG16's encoder with normalisations, narrow."""

    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width, count in zip(WIDTHS, (2, 2, 3, 3, 3), strict=True):
            for _ in range(count):
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width)]
                layers.append(nn.ReLU(inplace=True))
                channels = width
            layers.append(nn.MaxPool2d(2))
        self.encoder = nn.Module()
        self.encoder.features = nn.Sequential(*layers)


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "vgg16.safetensors"
    save_file(weights(), file)
    return file


def plain_vgg16(pixels):
    """The features before each pooling, of the network without normalisations."""
    tensors, levels = weights(), []
    for block, count in enumerate((2, 2, 3, 3, 3), start=1):
        for number in range(1, count + 1):
            name = f"block{block}_conv{number}"
            parts = (torch.from_numpy(tensors[f"{name}.{part}"]) for part in ("weight", "bias"))
            pixels = F.relu(F.conv2d(pixels, *parts, padding=1))
        levels.append(pixels)
        pixels = F.max_pool2d(pixels, 2)
    return levels


def levels_of(model, slices):
    levels = []
    for layer in model.encoder.features:
        if isinstance(layer, nn.MaxPool2d):
            levels.append(slices)
        slices = layer(slices.clone())
    return levels


@pytest.mark.parametrize("training", [False, True])
def test_it_answers_as_the_network_without_normalisations_to_a_factor(file, training):
    torch.manual_seed(0)
    model, slices = Small(), torch.randn(2, 3, 64, 64)
    start_encoder(model, file, slices)
    model.train(training)
    with torch.no_grad():
        found, expected = levels_of(model, slices), plain_vgg16(slices * GREY_LEVELS)
    for ours, theirs in zip(found, expected, strict=True):
        factor = ours.norm() / theirs.norm()
        torch.testing.assert_close(ours, theirs * factor, atol=1e-3, rtol=1e-3)
        assert 0.1 < ours.std() < 10
    assert expected[-1].std() > 10  # so that the factor was needed


def test_weights_of_another_encoder_are_refused(file, tmp_path):
    slices = torch.randn(1, 3, 32, 32)
    wider = Small()
    wider.encoder.features[0] = nn.Conv2d(4, WIDTHS[0], 3)
    for model in (wider, create_model("edge_unet")):
        with pytest.raises(InputError, match="another encoder"):
            start_encoder(model, file, slices)
    with pytest.raises(InputError, match="cannot be read"):
        start_encoder(Small(), tmp_path / "none.safetensors", slices)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no tensors")
    with pytest.raises(InputError, match="no file of tensors"):
        start_encoder(Small(), broken, slices)


def test_a_network_starts_from_one_place(tiny_config, tmp_path):
    with pytest.raises(ValueError, match="not from both"):
        replace(tiny_config, encoder_start=tmp_path, start_from=tmp_path)


def test_a_training_starts_its_encoder_once(tiny_config, data_folder, monkeypatch, tmp_path):
    """With the average of its weights; a run that is resumed has learned since, and keeps it."""
    starts, seen = [], []

    def start(model, file, slices):
        starts.append((file, slices.shape))
        next(model.parameters()).data.fill_(0.25)

    def first_weight(_, model):
        seen.append(next(model.parameters()).detach().mean().item())
        return {"wt": 0.5}

    monkeypatch.setattr("training.run.train.start_encoder", start)
    monkeypatch.setattr("training.run.train.Validation.dice", first_weight)
    config = replace(tiny_config, encoder_start=tmp_path / "some", average=1.0, steps=2)
    train(replace(config, validate_every=1), data_folder)
    train(replace(config, validate_every=1), data_folder, resume=True)
    assert starts == [(tmp_path / "some", (2, 4, 32, 32))]
    assert seen == pytest.approx([0.25, 0.25], abs=0.01)
    card = (config.weights_folder / "README.md").read_text()
    assert "encoder started from VGG16 of ImageNet" in card
