"""The brain in a whole head: a small U-Net in three dimensions.

Sources: Çiçek et al. 2016, 3D U-Net (https://arxiv.org/abs/1606.06650), with group normalisation
(Wu and He 2018) since a batch holds two heads, and none at full resolution, where it would take
most of the time.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_GROUP = 8


class BrainMask(nn.Module):
    """Four levels, 16 to 64 channels: .9 M parameters.

    Args:
        in_channels: Sequences read at once.
        out_channels: Regions answered.
        widths: Channels of each level, from full resolution down.
    """

    def __init__(
        self,
        in_channels: int = 1,
        out_channels: int = 1,
        widths: tuple[int, ...] = (16, 32, 64, 64),
    ) -> None:
        super().__init__()
        self.divisor = 2 ** (len(widths) - 1)
        self.stem = _conv(in_channels, widths[0])
        self.down = nn.ModuleList(map(_double_conv, widths[:-1], widths[1:]))
        self.pool = nn.MaxPool3d(2)
        merged = [below + here for below, here in zip(widths[:0:-1], widths[-2::-1], strict=True)]
        self.up = nn.ModuleList(map(_double_conv, merged[:-1], widths[-2:0:-1]))
        self.last = _conv(merged[-1], widths[0])
        self.head = nn.Conv3d(widths[0], out_channels, 1)

    def forward(self, heads: Tensor) -> Tensor:
        """(N, C, X, Y, Z) normalised heads of any size to (N, R, X, Y, Z) logits."""
        sizes = heads.shape[2:]
        ends = [(0, -size % self.divisor) for size in reversed(sizes)]
        logits = self.logits(F.pad(heads, [end for pair in ends for end in pair]))
        return logits[..., : sizes[0], : sizes[1], : sizes[2]]

    def logits(self, heads: Tensor) -> Tensor:
        """(N, 1, x, y, z) logits of heads whose sides its levels can halve."""
        features = self.stem(heads)
        skips = []
        for level in self.down:
            skips.append(features)
            features = level(self.pool(features))
        for level in (*self.up, self.last):
            wider = F.interpolate(features, scale_factor=2.0, mode="nearest")
            features = level(torch.cat([skips.pop(), wider], dim=1))
        return self.head(features)


def _conv(in_channels: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv3d(in_channels, out_channels, 3, padding=1), nn.LeakyReLU(0.1, inplace=True)
    )


def _normalised_conv(in_channels: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv3d(in_channels, out_channels, 3, padding=1, bias=False),
        nn.GroupNorm(out_channels // _GROUP, out_channels),
        nn.LeakyReLU(0.1, inplace=True),
    )


def _double_conv(in_channels: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        _normalised_conv(in_channels, out_channels), _normalised_conv(out_channels, out_channels)
    )
