"""What the Hub on loopback holds: repositories with commits, tags and branches, and its faults."""

import hashlib
import threading
from collections.abc import Set
from dataclasses import dataclass, field
from pathlib import Path

TOKEN = "hf_good"


@dataclass
class Repository:
    private: bool = False
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)  # by hash, in order
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, files: dict[str, bytes], gone: Set[str] = frozenset()) -> str:
        """Add files to what is there, take others away, and move main; the hash."""
        kept = self.commits.get(self.branches.get("main", ""), {})
        oid = hashlib.sha1(repr((len(self.commits), sorted(files))).encode()).hexdigest()
        self.commits[oid] = {f: c for f, c in (kept | files).items() if f not in gone}
        self.branches["main"] = oid
        return oid

    def find(self, revision: str) -> str | None:
        found = self.tags.get(revision) or self.branches.get(revision) or revision
        return found if found in self.commits else None


@dataclass
class Faults:
    """What goes wrong with the tensors, or with every answer."""

    answer_after: float = 0.0  # seconds of silence before every answer
    cut_at: int | None = None  # the connection breaks here, once
    stall_at: int | None = None  # nothing more comes from here on
    damaged: bool = False  # the last byte is another
    nonsense: tuple[int, str, bytes] | None = None  # status, kind and text of every answer
    redirect: str | None = None  # where every request for tensors is sent on


@dataclass
class Hub:
    """The state of the server.

    ``requests`` are (method, path, range) in the order they came.
    """

    address: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)  # what requests were allowed by
    stopping: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, folder: Path) -> str:
        """A commit with the files of a folder; the hash."""
        repository = self.repositories.setdefault(name, Repository())
        return repository.commit({file.name: file.read_bytes() for file in folder.iterdir()})

    def downloads(self) -> list[str | None]:
        """The range of every request for tensors, None for the whole file."""
        return [r for method, path, r in self.requests if method == "GET" and "safetensors" in path]


class Stalling:
    """Passes on a beginning and then waits for the server to stop."""

    def __init__(self, stream: object, at: int, stopping: threading.Event) -> None:
        self.stream, self.left, self.stopping = stream, at, stopping

    def write(self, content: bytes) -> None:
        self.stream.write(content[: self.left])
        self.left -= min(self.left, len(content))
        if not self.left:
            self.stopping.wait()

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)
