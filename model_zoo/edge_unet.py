"""A U-Net whose weights fit into 60 KB: separable convolutions, and no work at full resolution.

Sources: Howard et al. 2017, MobileNets (depthwise separable convolutions); Shi et al. 2016,
Real-Time Single Image and Video Super-Resolution (sub-pixel convolution), which is used both ways:
four pixels become channels at the start, and channels become four pixels at the end.
"""

import itertools

from torch import Tensor, nn
from torch.nn import functional as F

from model_zoo.segmenter import ConvNormAct, Segmenter, prefer_tumour_free

_PIXELS = 2


class EdgeUNet(Segmenter):
    """Four levels from half resolution down, skips added and not concatenated: 23 k parameters.

    Args:
        in_channels: Channels of a slice.
        out_channels: Regions answered.
        widths: Channels of each level, from half resolution down.
    """

    def __init__(
        self,
        in_channels: int = 4,
        out_channels: int = 3,
        widths: tuple[int, ...] = (24, 32, 40, 48),
    ) -> None:
        super().__init__()
        self.divisor = _PIXELS * 2 ** (len(widths) - 1)
        self.stem = ConvNormAct(in_channels * _PIXELS**2, widths[0])
        self.down = nn.ModuleList(
            nn.Sequential(Separable(above, here, stride=2), Separable(here, here))
            for above, here in itertools.pairwise(widths)
        )
        self.up = nn.ModuleList(
            nn.Conv2d(below, here, 1)
            for below, here in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.merge = nn.ModuleList(Separable(here, here) for here in widths[-2::-1])
        self.head = nn.Conv2d(widths[0], out_channels * _PIXELS**2, 1)
        prefer_tumour_free(self.head)

    def logits(self, slices: Tensor) -> Tensor:
        """(N, C, H, W) to (N, R, H, W) logits; ``divisor`` divides H and W."""
        features = self.stem(F.pixel_unshuffle(slices, _PIXELS))
        skips = []
        for level in self.down:
            skips.append(features)
            features = level(features)
        for up, merge in zip(self.up, self.merge, strict=True):
            wider = F.interpolate(up(features), scale_factor=2, mode="bilinear")
            features = merge(skips.pop() + wider)
        return F.pixel_shuffle(self.head(features), _PIXELS)


class Separable(nn.Sequential):
    """3×3 convolution of every channel by itself, 1×1 across them, batch normalisation, ReLU."""

    def __init__(self, in_channels: int, out_channels: int, *, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(
                in_channels, in_channels, 3, stride, padding=1, groups=in_channels, bias=False
            ),
            nn.Conv2d(in_channels, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )
