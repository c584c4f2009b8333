"""The app in a process whose log and memory can be searched."""

import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.browser import STOP_SECONDS, free_port, wait_until_healthy
from tests.support.repository import ROOT

_PART = 256 * 1024
_EMPTY = bytes(2 * _PART)
_SHORT = 48
_COMMON = {0x00, 0x01, 0xFF}


@dataclass(frozen=True)
class LoggedServer:
    """A server, and where it writes what it says.

    Args:
        address: Of its pages.
        pid: Of its process.
        log: The file with all that it wrote on stdout and stderr.
    """

    address: str
    pid: int
    log: Path

    def said(self) -> str:
        """All that it has written."""
        return self.log.read_text(errors="replace")

    def held(self, markers: Collection[bytes]) -> set[bytes]:
        """Which markers stand in its memory."""
        return held_by(self.pid, markers)


def held_by(pid: int, markers: Collection[bytes]) -> set[bytes]:
    """Which markers stand in the memory of a process that this one has started."""
    found: set[bytes] = set()
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for start, end in _places(pid):
            found |= _held(memory, start, end, markers)
    return found


def _places(pid: int) -> Iterator[tuple[int, int]]:
    """What it can write in, and files of its own that it has laid into its memory to read."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        place, rights, *rest = line.split()
        if (rights.startswith("rw") and "[v" not in rest[-1]) or "/gliolens-" in line:
            start, end = (int(each, 16) for each in place.split("-"))
            yield start, end


def _held(memory, start: int, end: int, markers: Collection[bytes]) -> set[bytes]:
    found, before, longest = set(), b"", max(map(len, markers))
    memory.seek(start)
    while start < end:
        try:
            part = memory.read(min(_PART, end - start))
        except OSError:  # gone meanwhile
            break
        if not part:
            break
        joined = before + part
        if joined != _EMPTY[: len(joined)]:  # as most of what is reserved: stacks, heaps
            found |= {marker for marker in markers if _is_in(joined, marker)}
        before, start = part[1 - longest :], start + len(part)
    return found


def _is_in(memory: bytes, marker: bytes) -> bool:
    """By what stands out most of a marker: a long one with zeros in it is searched for slowly."""
    offset = _what_stands_out(marker)
    short = marker[offset : offset + _SHORT]
    at = memory.find(short)
    while at >= 0:
        if memory[max(0, at - offset) : at - offset + len(marker)] == marker:
            return True
        at = memory.find(short, at + 1)
    return False


@cache
def _what_stands_out(marker: bytes) -> int:
    """Where it begins. Its last byte is looked for first, and must not be in every empty page."""
    ends = [marker[at : at + _SHORT] for at in range(max(1, len(marker) - _SHORT + 1))]
    return max(range(len(ends)), key=lambda at: (ends[at][-1] not in _COMMON, len(set(ends[at]))))


@contextmanager
def logged_server(folder: Path) -> Iterator[LoggedServer]:
    """Run the app with the log of a debugger; its temporary files are in the folder too."""
    port, log = free_port(), folder / "log.txt"
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "logger.level": "debug",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    command += [f"--{name}={value}" for name, value in options.items()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(address, process)
            yield LoggedServer(address, process.pid, log)
        finally:
            process.terminate()
            process.wait(timeout=STOP_SECONDS)
