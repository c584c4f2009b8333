"""How much memory what is kept of visitors may take together, and what each thing takes."""

import logging
import os
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from workspace.images_on_disk import is_on_disk, owner_of
from workspace.kept_file import KeptFile

BUDGET: Final = "GLIOLENS_KEPT_MB"
OPEN_BUDGET: Final = "GLIOLENS_OPEN_MB"
_MEGABYTE: Final = 10**6
# The networks take 300 MB, reading a case 350 for a moment, an answer 250, and some to spare; a
# quarter of the memory where that is more.
_FOR_WORK: Final = 1_200 * _MEGABYTE
# Of the rest two fifths are for results, two for open cases. What is made of results takes another
# tenth (jobs/result_cache.py).
_SHARE: Final = (2, 5)
_QUARTER: Final = 4
_GROUPS: Final = Path("/proc/self/cgroup")
# Where control groups of version 1 and 2 have their limits.
_VERSION_1: Final = (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes")
_VERSION_2: Final = (Path("/sys/fs/cgroup"), "memory.max")
_MOUNTS: Final = Path("/proc/self/mounts")
_OF_MEMORY: Final = {"tmpfs", "ramfs"}
_log: Final = logging.getLogger(__name__)


@cache
def budget_bytes(variable: str = BUDGET) -> int:
    """Megabytes in a variable of the environment, else a share of what work leaves of the memory.

    Where the variable says anything else, the log says so, and it is that share.

    Args:
        variable: ``GLIOLENS_KEPT_MB`` for results, ``GLIOLENS_OPEN_MB`` for open cases.
    """
    said = os.environ.get(variable)
    if said is not None and said.isdecimal() and int(said) > 0:
        return int(said) * _MEGABYTE
    if said is not None:
        _log.error("%s is %r; give megabytes, as in 900.", variable, said)
    return _left_by_work(memory_bytes()) * _SHARE[0] // _SHARE[1]


def _left_by_work(memory: int) -> int:
    """A quarter at least: what is kept makes room, but a server that keeps nothing is of no use."""
    quarter = memory // _QUARTER
    return max(memory - max(_FOR_WORK, quarter), quarter)


def open_budget_bytes() -> int:
    """What all open cases may take together."""
    return budget_bytes(OPEN_BUDGET)


def memory_bytes(limits: Iterable[Path] | None = None) -> int:
    """Of this machine, or of the container or control group where that has less.

    Args:
        limits: Files that say what a group has; those of this process unless they are named.
    """
    if hasattr(os, "sysconf"):
        machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    else:
        machine = 4_000_000_000  # as computers have at least
    files = limits_of(_GROUPS) if limits is None else limits
    said = (path.read_text().strip() for path in files if path.is_file())
    return min([machine, *(int(limit) for limit in said if limit.isdecimal())])


def limits_of(groups: Path) -> Iterator[Path]:
    """Where the limits of a process stand: of its control groups and of those around them.

    Inside a container the path of its group may be that of the machine outside, which is not to be
    seen; what holds for the container stands at the top then.

    Args:
        groups: The process's file ``cgroup`` in ``/proc``.
    """
    for line in groups.read_text().splitlines() if groups.is_file() else ():
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        top, name = _VERSION_1 if controllers else _VERSION_2
        group = Path(path.lstrip("/"))
        yield from (top / each / name for each in (group, *group.parents))


def files_take_memory(folder: str | None = None, mounts: Path = _MOUNTS) -> bool:
    """Whether temporary files lie in memory, as in a container whose ``/tmp`` is a ``tmpfs``.

    Args:
        folder: Where they lie; that of this process unless it is named.
        mounts: The list of what is mounted where.
    """
    if not mounts.is_file():
        return False
    place = Path(folder or tempfile.gettempdir()).resolve()
    lines = [line.split() for line in mounts.read_text().splitlines()]
    around = [(len(at), kind) for _, at, kind, *_ in lines if place.is_relative_to(at)]
    return bool(around) and max(around)[1] in _OF_MEMORY


def folder_bytes(folder: str | None = None) -> int:
    """What the files with a name take that lie in a folder, that of temporary files by default."""
    total = 0
    for place, _, names in os.walk(folder or tempfile.gettempdir()):
        for name in names:
            try:
                total += Path(place, name).lstat().st_size
            except OSError:  # gone meanwhile
                continue
    return total


def held_bytes(thing: Any, *, in_files: bool = False) -> int:
    """What the arrays and bytes in a result take; what is small counts nothing.

    Args:
        thing: Arrays and bytes, in objects, mappings and sequences of any depth.
        in_files: Whether to count what lies in files instead of what lies in memory.
    """
    return _held(thing, set(), in_files)


def _held(thing: Any, seen: set[int], in_files: bool) -> int:
    if isinstance(thing, np.ndarray):
        thing = owner_of(thing)
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        return thing.nbytes if is_on_disk(thing) is in_files else 0
    if isinstance(thing, KeptFile):
        return thing.size if (thing.path is not None) is in_files else 0
    if isinstance(thing, bytes | bytearray | memoryview):
        size = thing.nbytes if isinstance(thing, memoryview) else len(thing)
        return 0 if in_files else size
    if isinstance(thing, dict):
        return sum(_held(each, seen, in_files) for each in list(thing.values()))
    if isinstance(thing, list | tuple | set | frozenset):
        return sum(_held(each, seen, in_files) for each in list(thing))
    if isinstance(thing, type) or not hasattr(thing, "__dict__"):
        return 0
    return sum(_held(each, seen, in_files) for each in list(vars(thing).values()))
