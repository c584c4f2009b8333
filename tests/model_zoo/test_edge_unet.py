from model_zoo.weights.tensors import save_weights
from tests.model_zoo.architecture_battery import ArchitectureBattery


class TestEdgeUNet(ArchitectureBattery):
    name = "edge_unet"
    parameters = 0.0234
    rounding = 0.0001
    learning_rate = 2e-2

    def test_its_file_is_small_enough(self, model, tmp_path):
        save_weights(model, tmp_path, name=self.name, revision="r1")
        assert (tmp_path / "model.safetensors").stat().st_size <= 60_000
