"""A checkpoint that is either the old one or the new one, whenever the process dies."""

import os
from pathlib import Path
from typing import Any

import torch


def save_checkpoint(state: dict[str, Any], file: Path) -> None:
    """Write ``state`` beside ``file``, force it to disk, then rename: a rename is atomic."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".unfinished")
    with unfinished.open("wb") as stream:
        torch.save(state, stream)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
    _sync_folder(file.parent)


def load_checkpoint(file: Path) -> dict[str, Any]:
    """Read a checkpoint; only tensors and plain containers are unpickled."""
    return torch.load(file, map_location="cpu", weights_only=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
