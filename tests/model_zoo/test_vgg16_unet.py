import pytest

from tests.model_zoo.architecture_battery import ArchitectureBattery

pytestmark = pytest.mark.slow  # its 24 million weights; it is not one of the three


class TestVGG16UNet(ArchitectureBattery):
    name = "vgg16_unet"
    parameters = 23.76
