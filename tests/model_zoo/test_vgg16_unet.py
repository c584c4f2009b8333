from tests.model_zoo.architecture_battery import ArchitectureBattery


class TestVGG16UNet(ArchitectureBattery):
    name = "vgg16_unet"
    parameters = 23.76
