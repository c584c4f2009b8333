"""A PyTorch network asked in NumPy's arrays: on a graphics card, in training, without OpenVINO."""

import numpy as np
import torch
from torch import nn

from inference.network.precision import autocast, best_device, device_of

_SLICE_AXES = 4


@torch.inference_mode()
def logits_by_pytorch(model: nn.Module, images: np.ndarray) -> np.ndarray:
    """(N, C, …) normalised images to (N, R, …) float32 logits.

    Args:
        model: A network in evaluation mode.
        images: float32, of any size.
    """
    device = device_of(model)
    # The layout that convolutions of slices are fastest in.
    layout = torch.channels_last if images.ndim == _SLICE_AXES else torch.contiguous_format
    shown = torch.from_numpy(np.ascontiguousarray(images)).to(device, memory_format=layout)
    with autocast(device):
        logits = model(shown)
    return logits.float().cpu().numpy()


def on_best_device(model: nn.Module) -> None:
    """Put a network on the graphics card, if there is one, ready to answer."""
    # PyTorch documents memory_format, and its types leave it out.
    model.to(best_device(), memory_format=torch.channels_last)  # type: ignore[call-overload]
    model.eval()
