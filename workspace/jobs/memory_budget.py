"""How much memory all that is kept of visitors' results may take together, and what each takes."""

import logging
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

BUDGET: Final = "GLIOLENS_KEPT_MB"
# A third for results; the networks with what they work in take another, open cases the rest.
_SHARE: Final = 3
_MEGABYTE: Final = 10**6
# Control groups of version 2 and 1, in which containers have their limit.
_LIMITS: Final = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_log: Final = logging.getLogger(__name__)


@cache
def budget_bytes() -> int:
    """Megabytes in the environment's ``GLIOLENS_KEPT_MB``, else a third of what there is.

    Where the variable says anything else, the log says so, and it is a third.
    """
    said = os.environ.get(BUDGET)
    if said is not None and said.isdecimal() and int(said) > 0:
        return int(said) * _MEGABYTE
    if said is not None:
        _log.error("%s is %r; give megabytes, as in 900.", BUDGET, said)
    return memory_bytes() // _SHARE


def memory_bytes(limits: tuple[Path, ...] = _LIMITS) -> int:
    """Of this machine, or of the container where that has less."""
    if hasattr(os, "sysconf"):
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    else:
        machine = 4_000_000_000  # as computers have at least
    said = (path.read_text().strip() for path in limits if path.is_file())
    return min([machine, *(int(limit) for limit in said if limit.isdecimal())])


def held_bytes(thing: Any) -> int:
    """What the arrays and bytes in a result take; what is small counts nothing.

    Args:
        thing: Arrays and bytes, in objects, mappings and sequences of any depth.
    """
    return _held(thing, set())


def _held(thing: Any, seen: set[int]) -> int:
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        return 0 if isinstance(thing.base, np.memmap) else thing.nbytes
    if isinstance(thing, bytes | bytearray | memoryview):
        return len(thing) if not isinstance(thing, memoryview) else thing.nbytes
    if isinstance(thing, dict):
        return sum(_held(each, seen) for each in thing.values())
    if isinstance(thing, list | tuple | set | frozenset):
        return sum(_held(each, seen) for each in thing)
    if isinstance(thing, type) or not hasattr(thing, "__dict__"):
        return 0
    return sum(_held(each, seen) for each in list(vars(thing).values()))
