import signal
import subprocess
import sys
import time

import pytest
import torch

from training.run.checkpoint import load_checkpoint, save_checkpoint

WRITER = """
import sys, torch
from pathlib import Path
from training.run.checkpoint import save_checkpoint
number = 0
while True:
    number += 1
    state = {"number": number, "tensor": torch.full((2_000_000,), float(number))}
    save_checkpoint(state, Path(sys.argv[1]))
    print(number, flush=True)
"""


def test_round_trip(tmp_path):
    file = tmp_path / "run" / "checkpoint.pt"
    save_checkpoint({"step": 3, "tensor": torch.arange(4)}, file)
    state = load_checkpoint(file)
    assert state["step"] == 3
    assert torch.equal(state["tensor"], torch.arange(4))


def test_a_write_that_breaks_off_leaves_the_old_one(tmp_path, monkeypatch):
    file = tmp_path / "checkpoint.pt"
    save_checkpoint({"step": 1}, file)

    def break_off(state, stream):
        stream.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", break_off)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint({"step": 2}, file)
    assert load_checkpoint(file)["step"] == 1


def test_survives_kill_9_while_it_is_written(tmp_path):
    file = tmp_path / "checkpoint.pt"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, file], stdout=subprocess.PIPE, text=True
    )
    for _ in range(3):
        writer.stdout.readline()
    time.sleep(0.013)  # somewhere within the next write
    writer.send_signal(signal.SIGKILL)
    written = [*map(int, writer.stdout.read().split())]
    state = load_checkpoint(file)
    assert state["number"] >= max(written, default=3)
    assert (state["tensor"] == state["number"]).all()


def test_refuses_what_could_run_code(tmp_path):
    import pickle

    file = tmp_path / "checkpoint.pt"
    torch.save({"step": Exploit()}, file)
    with pytest.raises(pickle.UnpicklingError):
        load_checkpoint(file)


class Exploit:
    def __reduce__(self):
        return print, ("code of a stranger",)
