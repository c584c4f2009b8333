"""U-Net, from scratch.

Source: Ronneberger, Fischer, Brox 2015, U-Net: Convolutional Networks for Biomedical Image
Segmentation, with padded convolutions and batch normalisation.
"""

import torch
from torch import Tensor, nn

from model_zoo.segmenter import ConvNormAct, Segmenter, prefer_tumour_free


class UNet(Segmenter):
    """Five levels, 32 to 512 channels, transposed convolutions on the way up: 7.8 M parameters.

    Args:
        in_channels: Channels of a slice.
        out_channels: Regions answered.
        widths: Channels of each level, from full resolution down.
    """

    def __init__(
        self,
        in_channels: int = 4,
        out_channels: int = 3,
        widths: tuple[int, ...] = (32, 64, 128, 256, 512),
    ) -> None:
        super().__init__()
        self.divisor = 2 ** (len(widths) - 1)
        inputs = (in_channels, *widths[:-1])
        self.down = nn.ModuleList(map(_double_conv, inputs, widths))
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(below, here, 2, stride=2)
            for below, here in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.merge = nn.ModuleList(_double_conv(2 * here, here) for here in widths[-2::-1])
        self.head = nn.Conv2d(widths[0], out_channels, 1)
        prefer_tumour_free(self.head)

    def logits(self, slices: Tensor) -> Tensor:
        """(N, C, H, W) to (N, R, H, W) logits; ``divisor`` divides H and W."""
        features = self.down[0](slices)
        skips = []
        for level in self.down[1:]:
            skips.append(features)
            features = level(self.pool(features))
        for up, merge in zip(self.up, self.merge, strict=True):
            features = merge(torch.cat([skips.pop(), up(features)], dim=1))
        return self.head(features)


def _double_conv(in_channels: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        ConvNormAct(in_channels, out_channels), ConvNormAct(out_channels, out_channels)
    )
