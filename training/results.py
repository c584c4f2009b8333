"""How results are written and printed, and how they name where they were made."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import nn

from common.processor import processor_name
from inference.io.export import write_whole
from inference.network.engine import arithmetic_of
from inference.network.precision import best_device, has_fast_bfloat16

CONVENTION = (
    "Per patient in 3D over the whole volume. Dice of two empty masks is 1, of one empty mask 0; "
    "HD95 of two empty masks is 0, of one empty mask 374 mm."
)


def provenance(command: str, models: Iterable[nn.Module] = ()) -> dict[str, str]:
    """On what machine and in what arithmetic results were made, and by which command.

    Args:
        command: The command line that makes them again.
        models: The networks whose results they are; without them, what PyTorch computes in here.
    """
    return {"arithmetic": arithmetic(models), "machine": machine(), "command": command}


def arithmetic(models: Iterable[nn.Module] = ()) -> str:
    """What networks are calculated in: several, if they differ."""
    found = {arithmetic_of(model) for model in models}
    machines = "bfloat16" if has_fast_bfloat16(best_device()) else "float32"
    return " and ".join(sorted(found)) or machines


def machine() -> str:
    """The processor that computes, in words."""
    device = best_device()
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} core{'s' if cores != 1 else ''} of {processor_name()}"


def write_json(results: dict, file: Path) -> None:
    """Write results; the file appears whole or not at all, and holds no NaN.

    Raises:
        ValueError: for a NaN or an infinity, which JSON does not know.
    """
    text = json.dumps(results, indent=2, allow_nan=False) + "\n"
    write_whole(file, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def markdown_table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown; every row has as many cells as the header."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
