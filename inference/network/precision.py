"""Which arithmetic this machine does fast; training and inference choose alike."""

import contextlib

import torch
from torch import nn


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 runs on this device without being emulated."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def arithmetic_of(model: nn.Module) -> str:
    """What PyTorch calculates a network in: ``"bfloat16"`` or ``"float32"``."""
    return "bfloat16" if has_fast_bfloat16(device_of(model)) else "float32"


def device_of(model: nn.Module) -> torch.device:
    """Where a network is; one without parameters is on the processor."""
    parameter = next(model.parameters(), None)
    return torch.device("cpu") if parameter is None else parameter.device


def autocast(device: torch.device) -> contextlib.AbstractContextManager:
    """Run what is inside in bfloat16 where the processor has it, in float32 elsewhere."""
    if has_fast_bfloat16(device):
        return torch.autocast(device.type, torch.bfloat16)
    return contextlib.nullcontext()


def best_device() -> torch.device:
    """The graphics card where there is one, else the processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
