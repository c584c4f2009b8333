from tests.model_zoo.architecture_battery import ArchitectureBattery


class TestFlairUNet(ArchitectureBattery):
    name = "flair_unet"
    parameters = 1.94
    learning_rate = 1e-2
