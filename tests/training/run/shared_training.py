"""One of two processes that share a training; it is stopped in the middle, and goes on."""

import sys
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import torch
from torch import distributed

from training.config import read_config
from training.run import train as module

STOPPED_AT = 5


class StoppedError(Exception):
    """Stands in for a machine that dies."""


def train_shared(rank, folder, data):
    """Train ``config.toml`` of a folder as process ``rank`` of two."""
    store = f"file://{folder}/store"
    distributed.init_process_group("gloo", init_method=store, rank=rank, world_size=2)
    config, bank, step = read_config(folder / "config.toml"), folder / "bank", module.train_step

    def stops(run, *others):
        if run.step == STOPPED_AT:
            raise StoppedError
        return step(run, *others)

    try:
        with in_float32(), patch.object(module, "train_step", stops):
            module.train(config, data, kept=bank)
    except StoppedError:
        with in_float32():
            module.train(config, data, kept=bank, resume=True)
    finally:
        distributed.destroy_process_group()


def in_float32():
    """Rounding to bfloat16 would hide what is compared."""
    return patch.object(module, "autocast", lambda _: nullcontext())


if __name__ == "__main__":
    torch.set_num_threads(1)
    train_shared(int(sys.argv[1]), *map(Path, sys.argv[2:]))
