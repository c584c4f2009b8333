"""Which arithmetic this machine does fast; training and inference choose alike."""

import contextlib

import torch


def has_fast_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 runs on this device without being emulated."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def autocast(device: torch.device) -> contextlib.AbstractContextManager:
    """Run what is inside in bfloat16 where the processor has it, in float32 elsewhere."""
    if has_fast_bfloat16(device):
        return torch.autocast(device.type, torch.bfloat16)
    return contextlib.nullcontext()


def best_device() -> torch.device:
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
