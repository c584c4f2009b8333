from dataclasses import replace

import pytest
import torch

from common.errors import InputError
from model_zoo.factory import create_model
from model_zoo.segmenter import count_parameters
from model_zoo.weights.loading import WeightsError
from model_zoo.weights.tensors import save_weights
from training.run.start import start_from, untrained

MODELS = ("unet", "resnet_unet", "transunet")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("unet", {"widths": (4, 8, 16)}),
        ("resnet_unet", {"decoder_channels": (32, 16, 8, 8, 4)}),
    ],
)
def test_a_configuration_can_ask_for_a_narrower_network(tiny_config, name, options):
    wide, narrow = (
        untrained(replace(tiny_config, model=name, options=each)) for each in ({}, options)
    )
    assert count_parameters(narrow) < count_parameters(wide)
    assert narrow.planes == tiny_config.planes
    with torch.inference_mode():
        assert narrow.eval().logits(torch.zeros(1, 4, 64, 64)).shape == (1, 3, 64, 64)


def test_an_option_that_an_architecture_does_not_have_is_refused(tiny_config):
    with pytest.raises(InputError, match="resnet_unet is built without widths"):
        untrained(replace(tiny_config, model="resnet_unet", options={"widths": (4, 8)}))


def saved(tmp_path, name):
    torch.manual_seed(1)
    earlier = create_model(name, neighbours=(0,)).eval()
    save_weights(earlier, tmp_path, name=name, revision="x")
    return earlier.half().float()  # as the file holds it


@pytest.mark.parametrize("name", MODELS)
def test_a_network_with_neighbours_starts_with_the_answers_of_the_one_without(tmp_path, name):
    earlier = saved(tmp_path, name)
    later = create_model(name, neighbours=(-2, 0, 2)).eval()
    start_from(later, tmp_path, name=name)
    stack = torch.randn(1, 3, 4, 64, 64)
    with torch.inference_mode():
        before, after = earlier(stack[:, 1]), later(stack.flatten(1, 2))
    torch.testing.assert_close(after, before, atol=1e-4, rtol=1e-4)


def test_weights_of_another_model_or_architecture_are_refused(tmp_path):
    saved(tmp_path, "unet")
    with pytest.raises(WeightsError, match="not of transunet"):
        start_from(create_model("transunet"), tmp_path, name="transunet")
    with pytest.raises(InputError, match="another architecture"):
        start_from(create_model("unet", widths=(8, 16)), tmp_path, name="unet")
