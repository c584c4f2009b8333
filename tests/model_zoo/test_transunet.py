import torch

from model_zoo.transunet import position_embedding
from tests.model_zoo.architecture_battery import ArchitectureBattery


class TestTransUNet(ArchitectureBattery):
    name = "transunet"
    parameters = 20.11

    def test_attention_reaches_across_the_whole_slice(self, model):
        """Convolutions of the stem reach some tens of pixels; only attention reaches the rest."""
        slices = torch.randn(1, self.channels, 192, 192)
        changed = slices.clone()
        changed[..., :16, :16] += 5
        with torch.inference_mode():
            tokens = [_tokens(model, image) for image in (slices, changed)]
        assert (tokens[0] - tokens[1])[..., -1, -1].abs().max() > 0

    def test_positions_are_counted_from_the_centre(self):
        small = position_embedding(3, 5, 16).view(3, 5, 16)
        large = position_embedding(5, 9, 16).view(5, 9, 16)
        torch.testing.assert_close(small, large[1:-1, 2:-2])

    def test_every_position_differs(self):
        embedding = position_embedding(12, 12, 384)
        assert len(torch.unique(embedding, dim=0)) == 144


def _tokens(model, slices):
    features = slices
    for stage in model.stem:
        features = stage(features)
    return model.attend(model.tokens(features))
