"""What the zoo is run through: the command's own function, without its networks."""

import contextlib
import io
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from inference.__main__ import main
from inference.cli import answering, run
from inference.cli.cohort import cases
from inference.network.segmentation import Segmentation
from tests.support.small_study import where_it_lies

_SPARE_BYTES = 700_000_000


@dataclass(frozen=True)
class Outcome:
    """How the command ended, what it said on stderr, and what that took."""

    code: int
    error: str
    seconds: float
    megabytes: float


def outcome_of(path: Path) -> Outcome:
    """Run the command line on a path, its memory limited, an empty label map its answer."""
    arguments = [str(path), "--model", "unet", "--prepare", "never"]
    with pytest.MonkeyPatch.context() as patch, limited():
        patch.setattr(run, "models_of", lambda options: list)
        patch.setattr(cases, "segment_with", _nothing_found)
        patch.setattr(answering, "prepared", lambda examination, _: where_it_lies(examination))
        Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
        before, start, said = _status("VmRSS"), time.process_time(), io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            code = main(arguments)
        seconds = time.process_time() - start
    return Outcome(code, said.getvalue(), seconds, _status("VmHWM") - before)


def _nothing_found(models, case, prepared):
    shape = tuple(part.stop - part.start for part in prepared.box)
    found = Segmentation(
        "unet",
        np.zeros(case.shape, np.uint8),
        np.zeros((3, *shape), np.float16),
        prepared.box,
        {"preprocess": 0.0, "predict": 0.1, "postprocess": 0.0},
    )
    return {"unet": found}


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Let this process have only so much more memory than it has."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = int(_status("VmSize") * 1024**2) + _SPARE_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _status(key: str) -> float:
    """A figure of this process in megabytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))
