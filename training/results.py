"""How results are written and printed, and what they say of where they were made."""

import json
import os
import platform
from pathlib import Path

import torch

from inference.export import write_whole
from inference.precision import best_device, has_fast_bfloat16
from model_zoo.registry import ALL_MODELS

CONVENTION = (
    "Per patient in 3D over the whole volume. Dice of two empty masks is 1, of one empty mask 0; "
    "HD95 of two empty masks is 0, of one empty mask 374 mm."
)


def provenance(command: str) -> dict[str, str]:
    """On what machine and in what arithmetic results were made, and by which command."""
    return {"arithmetic": arithmetic(), "machine": machine(), "command": command}


def evaluation_command(command: str, split: str, names: tuple[str, ...]) -> str:
    """The command line that makes results again, wherever the data are."""
    models = "all" if names == ALL_MODELS else ",".join(names)
    return f"python -m training {command} --data DIR --split {split} --model {models}"


def arithmetic() -> str:
    return "bfloat16" if has_fast_bfloat16(best_device()) else "float32"


def machine() -> str:
    """The processor that computes, in words."""
    device = best_device()
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores of {_processor()}"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")  # platform.processor() is empty on most Linux systems
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def write_json(results: dict, file: Path) -> None:
    """Write results; the file appears whole or not at all, and holds no NaN.

    Raises:
        ValueError: for a NaN or an infinity, which JSON does not know.
    """
    text = json.dumps(results, indent=2, allow_nan=False) + "\n"
    write_whole(file, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def markdown_table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
