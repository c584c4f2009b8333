"""What the server has to do at this moment."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workspace.jobs.queue.server_queue import queue
from workspace.session.departure import visitors_here

_STATM: Final = Path("/proc/self/statm")


@dataclass(frozen=True)
class Load:
    """What the server has to do.

    Args:
        visitors: How many have the app open.
        running: How many jobs run: one or none.
        waiting: How many jobs wait for their turn.
        memory_bytes: What the server has in memory; None where the system does not say.
    """

    visitors: int
    running: int
    waiting: int
    memory_bytes: int | None

    @property
    def sentence(self) -> str:
        """For a visitor who wonders how long it may take."""
        people = "1 visitor" if self.visitors == 1 else f"{self.visitors} visitors"
        work = f"{self.running} running, {self.waiting} waiting"
        memory = f" · {self.memory_bytes / 1e6:.0f} MB" if self.memory_bytes else ""
        return f"This server now: {people} · {work}{memory}"


def load_now() -> Load:
    """As it is now."""
    return Load(visitors_here(), queue.running, queue.waiting, _resident_bytes())


def _resident_bytes() -> int | None:
    if not _STATM.exists():
        return None
    return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
