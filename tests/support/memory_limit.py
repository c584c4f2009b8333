"""A group of processes that has only so much memory, as a container has: a control group.

Whoever takes more is killed. It takes root, and a Linux with the controller of memory.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_TOP = Path("/sys/fs/cgroup")
_VERSION_1 = _TOP / "memory"
_BETWEEN_LOOKS_S = 0.25
_END_S = 10


class NoMemoryLimitError(Exception):
    """Memory cannot be limited here."""


class MemoryLimit:
    """A group with a limit.

    Args:
        folder: Of the group.
        version_1: Whether it is of that version.
    """

    def __init__(self, folder: Path, *, version_1: bool) -> None:
        self.folder, self._version_1 = folder, version_1
        self.peak_bytes = 0
        self._end = threading.Event()

    @property
    def killed(self) -> int:
        """How many were killed for their memory."""
        return self._figures("memory.oom_control" if self._version_1 else "memory.events")[
            "oom_kill"
        ]

    @property
    def taken_bytes(self) -> int:
        """What cannot be given back: without what can be read from files again."""
        found = self._figures("memory.stat")
        names = ("total_rss", "total_shmem") if self._version_1 else ("anon", "shmem")
        return sum(found[name] for name in names)

    @contextmanager
    def around_what_begins(self) -> Iterator[None]:
        """Have in the group whatever this process starts in the block."""
        place = "memory" if self._version_1 else ""
        former = _top(self._version_1) / _group_of(place) / "cgroup.procs"
        (self.folder / "cgroup.procs").write_text(str(os.getpid()))
        try:
            yield
        finally:
            former.write_text(str(os.getpid()))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note the most that was taken in the block."""
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()

    def _watch(self) -> None:
        while not self._end.wait(_BETWEEN_LOOKS_S):
            self.peak_bytes = max(self.peak_bytes, self.taken_bytes)

    def _figures(self, name: str) -> dict[str, int]:
        lines = (self.folder / name).read_text().splitlines()
        return {key: int(value) for key, value in (line.split() for line in lines)}


@contextmanager
def memory_limit(most_bytes: int) -> Iterator[MemoryLimit]:
    """A group of processes that has so much memory, and nothing to swap to.

    Raises:
        NoMemoryLimitError: where there can be none.
    """
    version_1 = (_VERSION_1 / "cgroup.procs").exists()
    folder = _top(version_1) / f"gliolens-test-{os.getpid()}"
    limit, swap = (
        ("memory.limit_in_bytes", "memory.swappiness")
        if version_1
        else ("memory.max", "memory.swap.max")
    )
    try:
        folder.mkdir()
        (folder / limit).write_text(str(most_bytes))
        with suppress(OSError):  # where nothing can be swapped it is not there
            (folder / swap).write_text("0")
    except OSError as error:
        with suppress(OSError):
            folder.rmdir()
        raise NoMemoryLimitError(f"memory cannot be limited here: {error.strerror}") from error
    try:
        yield MemoryLimit(folder, version_1=version_1)
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """What was in the group may take a moment to end."""
    end = time.monotonic() + _END_S
    while folder.exists():
        try:
            folder.rmdir()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _top(version_1: bool) -> Path:
    return _VERSION_1 if version_1 else _TOP


def _group_of(controllers: str) -> str:
    """The group that this process is in, relative to the top."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, named, path = line.split(":", 2)
        if named == controllers:
            return path.lstrip("/")
    return ""
