import pytest
import torch

from common.errors import InputError
from model_zoo.factory import create_model
from model_zoo.weights.loading import WeightsError
from model_zoo.weights.tensors import save_weights
from training.run.start import start_from

MODELS = ("unet", "resnet_unet", "transunet")


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
