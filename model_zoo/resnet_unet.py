"""U-Net with a ResNet34 encoder, on segmentation-models-pytorch.

Sources: He et al. 2016, Deep Residual Learning for Image Recognition; Iakubovskii 2019,
Segmentation Models Pytorch.
"""

from torch import Tensor

from model_zoo._torchvision import declare_missing_operators
from model_zoo.segmenter import Segmenter, prefer_tumour_free

declare_missing_operators()
import segmentation_models_pytorch as smp  # noqa: E402


class ResNetUNet(Segmenter):
    """``smp.Unet`` with a ResNet34 encoder: 24.4 M parameters.

    Args:
        in_channels: Channels of a slice.
        out_channels: Regions answered.
        encoder_weights: ``"imagenet"`` to download the encoder's ImageNet weights before
            training, None to start from random ones. Loading trained weights needs neither.
        decoder_channels: Channels of each level of the decoder, from the deepest up.
    """

    divisor = 32

    def __init__(
        self,
        in_channels: int = 4,
        out_channels: int = 3,
        encoder_weights: str | None = None,
        decoder_channels: tuple[int, ...] = (256, 128, 64, 32, 16),
    ) -> None:
        super().__init__()
        self.network = smp.Unet(
            "resnet34",
            encoder_weights=encoder_weights,
            decoder_channels=decoder_channels,
            in_channels=in_channels,
            classes=out_channels,
        )
        prefer_tumour_free(self.network.segmentation_head[0])

    def logits(self, slices: Tensor) -> Tensor:
        """(N, C, H, W) to (N, R, H, W) logits; ``divisor`` divides H and W."""
        return self.network(slices)
