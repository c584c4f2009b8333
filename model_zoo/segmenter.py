"""What all architectures share: slices of any size in, logits of the same size out."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Segmenter(nn.Module):
    """A 2D network from (N, C, H, W) slices to (N, R, H, W) region logits.

    With ``neighbours`` the channels are those of several slices, the modalities of the first
    offset first (:func:`inference.network.preprocess.with_neighbours`).

    Subclasses write :meth:`logits` for sizes that ``divisor`` divides; :meth:`forward` takes any.
    No subclass applies a sigmoid: the one in the project stands in ``inference.network.engine``.
    """

    divisor: int
    # What the factory takes over from the registry; see ``model_zoo.registry.ModelContract``.
    modalities: tuple[str, ...]
    neighbours: tuple[int, ...] = (0,)
    regions: tuple[str, ...]
    size: tuple[int, int] | str
    dimensions: int = 2
    # The planes whose slices it has learned from, as given with its weights.
    planes: tuple[str, ...] = ("axial",)

    def forward(self, slices: Tensor) -> Tensor:
        """(N, C, H, W) normalised slices to (N, R, H, W) logits."""
        height, width = slices.shape[-2:]
        padded = pad_to_multiple(slices, self.divisor)
        return self.logits(padded)[..., :height, :width]

    def logits(self, slices: Tensor) -> Tensor:
        """(N, C, H, W) to (N, R, H, W) logits; ``divisor`` divides H and W.

        Raises:
            NotImplementedError: where a subclass does not write it.
        """
        raise NotImplementedError

    def rest(self, *, for_long: bool = False) -> None:
        """Give back what memory is kept for the next slices. PyTorch keeps none between scans."""

    def wake(self) -> None:
        """Be ready for the next scan, after a rest."""


def pad_to_multiple(slices: Tensor, divisor: int) -> Tensor:
    """(N, C, H, W) to multiples of ``divisor`` in H and W: zeros, as background, at their ends."""
    height, width = slices.shape[-2:]
    return F.pad(slices, (0, -width % divisor, 0, -height % divisor))


class ConvNormAct(nn.Sequential):
    """3×3 convolution, batch normalisation, ReLU."""

    def __init__(self, in_channels: int, out_channels: int, *, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )


def count_parameters(model: nn.Module) -> int:
    """How many numbers a network has learned or can learn."""
    return sum(parameter.numel() for parameter in model.parameters())


def prefer_tumour_free(head: nn.Conv2d, *, prior: float = 0.02) -> None:
    """Start a head's bias at the share of tumour voxels, so that training need not find it first.

    Source: Lin et al. 2017, Focal Loss for Dense Object Detection, section 4.1.

    Args:
        head: The last convolution, which gives the logits.
        prior: The share of tumour voxels.

    Raises:
        ValueError: for a convolution without a bias.
    """
    if head.bias is None:
        raise ValueError("a head without a bias cannot start at a prior")
    nn.init.constant_(head.bias, float(torch.logit(torch.tensor(prior))))
