"""The most memory that this process has had."""

import resource
import sys
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")
_PEAK: Final = "VmHWM:"


def peak_megabytes() -> int:
    """Megabytes of this program since it began.

    Linux hands ``ru_maxrss`` on to a program that a process turns into: one started by a large
    process would begin with what that one had. What it keeps for the program itself does not.
    """
    if _STATUS.exists():
        lines = _STATUS.read_text().splitlines()
        return round(next(int(line.split()[1]) for line in lines if line.startswith(_PEAK)) / 1024)
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)
