"""Lets torchvision be imported beside a CPU build of torch.

PyPI's torchvision wheels are compiled for CUDA. Beside a CPU build of torch their compiled
library does not load, and ``import torchvision`` then fails where it attaches Python code to two
operators that the library would have declared. Nothing here calls those operators (they are for
object detection); segmentation-models-pytorch only needs the import to succeed.
"""

import contextlib

import torch

# Kept for the life of the process: a library that is collected takes its operators with it.
_library: torch.library.Library | None = None


def declare_missing_operators() -> None:
    """Declare ``torchvision::nms`` and ``torchvision::qnms``; does nothing where they exist."""
    global _library
    if _library is not None or _has_compiled_operators():
        return
    _library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        with contextlib.suppress(RuntimeError):  # declared by another package meanwhile
            _library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")


def _has_compiled_operators() -> bool:
    return hasattr(torch.ops.torchvision, "nms")
