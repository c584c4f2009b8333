import pytest

from common.errors import InputError
from model_zoo.factory import create_model


def test_an_option_that_an_architecture_does_not_have_is_named():
    with pytest.raises(InputError, match="vgg16_unet is built without widths"):
        create_model("vgg16_unet", widths=[16, 32])


@pytest.mark.parametrize("name", ["unet", "flair_unet", "edge_unet", "transunet"])
def test_pretrained_weights_are_refused_by_what_has_none(name):
    with pytest.raises(InputError, match=f"{name} is built without encoder_weights"):
        create_model(name, encoder_weights="imagenet")
