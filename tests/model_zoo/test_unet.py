from tests.model_zoo.architecture_battery import ArchitectureBattery


class TestUNet(ArchitectureBattery):
    name = "unet"
    parameters = 7.76
