"""U-Net with a VGG16 encoder, on segmentation-models-pytorch.

Sources: Simonyan & Zisserman 2015, Very Deep Convolutional Networks for Large-Scale Image
Recognition; Iakubovskii 2019, Segmentation Models Pytorch.
"""

from torch import Tensor, nn

from model_zoo._torchvision import declare_missing_operators
from model_zoo.segmenter import Segmenter, prefer_tumour_free

declare_missing_operators()
import segmentation_models_pytorch as smp  # noqa: E402


class VGG16UNet(Segmenter):
    """``smp.Unet`` with a VGG16 encoder: 23.8 M parameters.

    The encoder is the variant with batch normalisation: without it, thirteen layers of convolutions
    hardly begin to learn from random weights. ImageNet's VGG16 has none, and can be started from
    none the less (:mod:`training.run.encoder_start`).

    Args:
        in_channels: Channels of a slice.
        out_channels: Regions answered.
        encoder_weights: ``"imagenet"`` to download the encoder's ImageNet weights before
            training, None to start from random ones. Loading trained weights needs neither.
    """

    divisor = 32

    def __init__(
        self, in_channels: int = 3, out_channels: int = 1, encoder_weights: str | None = None
    ) -> None:
        super().__init__()
        self.network = smp.Unet(
            "vgg16_bn",
            encoder_weights=encoder_weights,
            in_channels=in_channels,
            classes=out_channels,
        )
        prefer_tumour_free(self.network.segmentation_head[0])

    @property
    def encoder(self) -> nn.Module:
        """What may learn at a rate of its own."""
        return self.network.encoder

    def logits(self, slices: Tensor) -> Tensor:
        """(N, C, H, W) to (N, R, H, W) logits; ``divisor`` divides H and W."""
        return self.network(slices)
