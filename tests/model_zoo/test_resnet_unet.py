from tests.model_zoo.architecture_battery import ArchitectureBattery


class TestResNetUNet(ArchitectureBattery):
    name = "resnet_unet"
    parameters = 24.44
