"""How much of this machine's processor and graphics card may be used; known without torch."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Final

# What the drivers of NVIDIA (also inside WSL) and AMD leave behind where there is a card.
_DRIVERS: Final = (
    "/dev/nvidiactl",
    "/usr/lib/wsl/lib/libcuda.so.1",
    "/dev/kfd",
    "C:/Windows/System32/nvcuda.dll",
)
# What a container may use of the processor: microseconds, of each period of so many.
_QUOTA: Final = Path("/sys/fs/cgroup/cpu.max")


def usable_cores() -> int:
    """How many cores a network shall use: those of ``OMP_NUM_THREADS``, else all it may have."""
    asked = os.environ.get("OMP_NUM_THREADS", "").split(",")[0]
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(there or 1, _granted(_QUOTA)))


def _granted(quota: Path) -> int:
    """The cores that a container was given, at least one; very many where it was given no limit."""
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, round(int(share) / int(period)))
    except (OSError, ValueError):  # no such file, or "max"
        return 1 << 16


def has_graphics_card() -> bool:
    """Whether PyTorch is there and can use a graphics card; it is imported only if that may be."""
    if find_spec("torch") is None or not any(Path(driver).exists() for driver in _DRIVERS):
        return False
    import torch

    return torch.cuda.is_available()
