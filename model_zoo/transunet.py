"""TransUNet: a convolutional stem, a transformer on its 1/16 tokens, a decoder with skips.

Source: Chen et al. 2021, TransUNet: Transformers Make Strong Encoders for Medical Image
Segmentation. Smaller than the paper's ViT-B (which starts from ImageNet-21k), since it is trained
from random weights; pre-norm blocks as in Dosovitskiy et al. 2021, An Image is Worth 16x16 Words.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model_zoo.segmenter import ConvNormAct, Segmenter, prefer_tumour_free


class TransUNet(Segmenter):
    """Hybrid of residual stem and transformer, for slices of any size: 21 M parameters.

    Args:
        in_channels: Channels of a slice.
        out_channels: Regions answered.
        widths: Channels of the stem at 1/2, 1/4 and 1/8 of full resolution.
        dim: Channels of a token.
        depth: Transformer blocks.
        heads: Attention heads of a block.
    """

    divisor = 16

    def __init__(
        self,
        in_channels: int = 4,
        out_channels: int = 3,
        widths: tuple[int, int, int] = (64, 128, 256),
        dim: int = 384,
        depth: int = 8,
        heads: int = 6,
    ) -> None:
        super().__init__()
        half, quarter, eighth = widths
        self.stem = nn.ModuleList(
            [
                nn.Sequential(ConvNormAct(in_channels, half, stride=2), Residual(half, half)),
                nn.Sequential(Residual(half, quarter, stride=2), Residual(quarter, quarter)),
                nn.Sequential(Residual(quarter, eighth, stride=2), Residual(eighth, eighth)),
            ]
        )
        self.tokens = nn.Conv2d(eighth, dim, 2, stride=2)
        self.transformer = nn.ModuleList(Block(dim, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(dim)
        self.up = nn.ModuleList([Up(dim, eighth), Up(eighth, quarter), Up(quarter, half)])
        self.refine = ConvNormAct(half, 32)
        self.head = nn.Conv2d(32, out_channels, 3, padding=1)
        prefer_tumour_free(self.head)

    def logits(self, slices: Tensor) -> Tensor:
        """(N, C, H, W) to (N, R, H, W) logits; ``divisor`` divides H and W."""
        skips, features = [], slices
        for stage in self.stem:
            features = stage(features)
            skips.append(features)
        features = self.attend(self.tokens(features))  # (N, dim, H/16, W/16)
        for up in self.up:
            features = up(features, skips.pop())
        return self.head(self.refine(_double(features)))

    def attend(self, features: Tensor) -> Tensor:
        """(N, dim, h, w) features through the transformer, one token a position."""
        height, width = features.shape[-2:]
        tokens = features.flatten(2).transpose(1, 2)  # (N, h·w, dim)
        tokens = tokens + position_embedding(height, width, tokens.shape[-1]).to(tokens)
        for block in self.transformer:
            tokens = block(tokens)
        return self.norm(tokens).transpose(1, 2).unflatten(2, (height, width))


class Residual(nn.Module):
    """Basic residual block (He et al. 2016), with a projection where the shape changes."""

    def __init__(self, in_channels: int, out_channels: int, *, stride: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            ConvNormAct(in_channels, out_channels, stride=stride),
            nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        same = stride == 1 and in_channels == out_channels
        self.shortcut = (
            nn.Identity() if same else nn.Conv2d(in_channels, out_channels, 1, stride=stride)
        )

    def forward(self, features: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H, W), or half of H and W with a stride of 2."""
        return F.relu(self.body(features) + self.shortcut(features))


class Block(nn.Module):
    """Pre-norm transformer block: self-attention over all tokens, then a perceptron on each."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention = nn.LayerNorm(dim)
        self.qkv = nn.Linear(dim, 3 * dim)
        self.project = nn.Linear(dim, dim)
        self.norm_mlp = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))

    def forward(self, tokens: Tensor) -> Tensor:
        """(N, T, dim) to (N, T, dim)."""
        tokens = tokens + self.attention(self.norm_attention(tokens))
        return tokens + self.mlp(self.norm_mlp(tokens))

    def attention(self, tokens: Tensor) -> Tensor:
        """(N, T, dim) to (N, T, dim), scaled dot products over the T tokens in every head."""
        query, key, value = self._heads(tokens)
        mixed = F.scaled_dot_product_attention(query, key, value)  # (N, heads, T, dim/heads)
        return self.project(mixed.transpose(1, 2).flatten(2))

    def weights(self, tokens: Tensor) -> Tensor:
        """(N, T, dim) to (N, heads, T, T): how much of each token :meth:`attention` gives to each.

        Row by row the shares that one token takes of all; they sum to 1. Only for who
        wants to see them: the fused product never holds them.
        """
        query, key, _ = self._heads(tokens)
        return (query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5).softmax(dim=-1)

    def _heads(self, tokens: Tensor) -> Tensor:
        """(N, T, dim) to (3, N, heads, T, dim/heads): query, key and value."""
        return self.qkv(tokens).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)


class Up(nn.Module):
    """Double the resolution, join the skip of that resolution, convolve twice."""

    def __init__(self, below: int, here: int) -> None:
        super().__init__()
        self.body = nn.Sequential(ConvNormAct(below + here, here), ConvNormAct(here, here))

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """(N, C, h, w) features and the (N, C', 2h, 2w) skip to (N, C', 2h, 2w)."""
        return self.body(torch.cat([_double(features), skip], dim=1))


def position_embedding(height: int, width: int, dim: int) -> Tensor:
    """(h·w, dim) sines and cosines of row and column, counted from the centre of the slice.

    A formula instead of a table, so that any size works; from the centre, since the crop is
    centred on the brain and the same anatomy then keeps its position whatever the margin.

    Source: Vaswani et al. 2017, Attention Is All You Need, in two dimensions as in MoCo v3.
    """
    frequency = 10000.0 ** -(torch.arange(dim // 4) / (dim // 4))
    rows = (torch.arange(height) - (height - 1) / 2)[:, None] * frequency
    columns = (torch.arange(width) - (width - 1) / 2)[:, None] * frequency
    by_row = torch.cat([rows.sin(), rows.cos()], dim=1)[:, None].expand(-1, width, -1)
    by_column = torch.cat([columns.sin(), columns.cos()], dim=1)[None].expand(height, -1, -1)
    return torch.cat([by_row, by_column], dim=2).flatten(0, 1)


def _double(features: Tensor) -> Tensor:
    return F.interpolate(features, scale_factor=2, mode="bilinear", align_corners=False)
