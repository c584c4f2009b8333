"""What a model looked at when it drew a region in one slice.

Two ways, by architecture, and they do not mean the same:

- Convolutional networks: Grad-CAM (Selvaraju et al. 2017), for a segmentation: the score is the sum
  of the region's logits over what the model drew (Seg-Grad-CAM, Vinogradova et al. 2020). It shows
  which places speak for the region.
- TransUNet: attention rollout (Abnar and Zuidema 2020, Quantifying Attention Flow in
  Transformers). It shows where the tokens inside the drawn region took their content from,
  whatever for; the stem below and the decoder above are not in it.

Grad-CAM is read in the decoder, at an eighth of full resolution. The last levels only repeat what
was drawn (Vinogradova et al.), and the deepest ones failed here: in the ResNet34 U-Net nothing was
left to show at any level below, in the slices tried of a validation patient, since by the mean
gradient all spoke against the region. At an eighth both networks pointed at what they drew.
"""

from functools import partial
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from inference.network.resizing import stretched
from inference.network.slice_adapter import slice_adapter_of
from inference.network.working_scale import AS_LEARNED, Sampling
from model_zoo.segmenter import Segmenter, pad_to_multiple
from model_zoo.transunet import Block

GRAD_CAM: Final = "grad_cam"
ATTENTION: Final = "attention"

# By name of the registry; a model that is not here has no explanation.
METHODS: Final = {"unet": GRAD_CAM, "resnet_unet": GRAD_CAM, "transunet": ATTENTION}
_LAYERS: Final = {"unet": "merge.0", "resnet_unet": "network.decoder.blocks.1"}


def explain(
    model: Segmenter,
    name: str,
    slices: np.ndarray,
    index: int,
    region: int,
    predicted: np.ndarray,
    *,
    sampling: Sampling = AS_LEARNED,
) -> np.ndarray | None:
    """What a model looked at when it drew a region in one slice of a case.

    Args:
        model: In evaluation mode.
        name: A key of ``METHODS``.
        slices: (Z, 4, H, W) of :func:`inference.network.preprocess.prepare`.
        index: Which of them.
        region: Its number in ``REGIONS``.
        predicted: (H, W) bool: what the model drew there.
        sampling: What was given with the slices.

    Returns:
        (H, W) float32 from 0 to 1, the largest in this slice; None where nothing was drawn, or
        nothing speaks for it.
    """
    if not predicted.any():
        return None
    device = next(model.parameters()).device
    reading, size = slice_adapter_of(model, sampling=sampling), slices.shape[2:]
    shown = torch.from_numpy(reading.shown(slices, np.array([index]))).to(device)
    seen = reading.fitted(predicted[None, None].astype(np.float32))[0, 0]
    # A part so thin that it is lost on the way is looked at by its middle.
    mask = torch.from_numpy(seen >= min(0.5, seen.max())).to(device)
    if METHODS[name] == ATTENTION:
        heat = attention_from(model, shown, mask)
    else:
        heat = grad_cam(model, model.get_submodule(_LAYERS[name]), shown, region, mask)
    shares = heat.cpu().numpy()
    if sampling.size is not None:
        shares = stretched(shares[None, None], size)[0, 0]
    return shares / shares.max() if shares.max() > 0 else None


def grad_cam(
    model: Segmenter, layer: nn.Module, image: Tensor, region: int, predicted: Tensor
) -> Tensor:
    """(H, W) of what speaks for a region: 0 or more, in no unit.

    Args:
        model: From (1, C, H, W) to (1, R, H, W) logits.
        layer: A part of it whose answer has rows and columns.
        image: (1, C, H, W).
        region: Which of the R.
        predicted: (H, W) bool: where the logits are summed.
    """
    from captum.attr import LayerGradCam  # slow to import, and nothing else needs it

    def score(slices: Tensor) -> Tensor:
        return (model(slices)[:, region] * predicted).sum(dim=(1, 2))

    # A detached copy: what a thread made under inference mode takes no gradient.
    image = image.detach().clone().requires_grad_()
    cam = LayerGradCam(score, layer).attribute(image, relu_attributions=True)
    return _on_slice(cam.detach(), model, image)


def attention_from(model: Segmenter, image: Tensor, predicted: Tensor) -> Tensor:
    """(H, W) of where the tokens inside a region took their content from; 0 or more.

    Args:
        model: A network with a transformer's blocks in it.
        image: (1, C, H, W).
        predicted: (H, W) bool; a token counts by how much of its patch is drawn.
    """
    shares = attention_rollout(attention_weights(model, image))
    padded = pad_to_multiple(predicted[None, None].float(), model.divisor)
    inside = F.avg_pool2d(padded, model.divisor)  # (1, 1, h, w), as many as there are tokens
    taken = (inside.flatten() @ shares) / inside.sum()
    return _on_slice(taken.view_as(inside), model, image)


@torch.inference_mode()
def attention_weights(model: nn.Module, image: Tensor) -> list[Tensor]:
    """(heads, T, T) of each transformer block, from the first: rows sum to 1."""
    found: list[Tensor] = []

    def keep(block: Block, _: nn.Module, __: object, tokens: Tensor) -> None:
        found.append(block.weights(tokens)[0])

    hooks = [
        block.norm_attention.register_forward_hook(partial(keep, block))
        for block in model.modules()
        if isinstance(block, Block)
    ]
    try:
        model(image)
    finally:
        for hook in hooks:
            hook.remove()
    return found


def attention_rollout(weights: list[Tensor]) -> Tensor:
    """(T, T) shares of what enters the first block in what leaves the last; rows sum to 1.

    Heads are averaged. A block adds what it attends to to what a token was, so half of each row
    stays with the token itself (Abnar and Zuidema 2020, section 3).
    """
    shares = torch.eye(weights[0].shape[-1], device=weights[0].device)
    for block in weights:
        mixed = block.float().mean(dim=0)
        shares = 0.5 * (mixed @ shares + shares)
    return shares


def _on_slice(cells: Tensor, model: Segmenter, image: Tensor) -> Tensor:
    """(1, 1, h, w) cells of the padded slice to the (H, W) of the slice itself."""
    height, width = image.shape[-2:]
    padded = pad_to_multiple(image, model.divisor).shape[-2:]
    smooth = F.interpolate(cells, padded, mode="bilinear", align_corners=False)
    return smooth[0, 0, :height, :width]
