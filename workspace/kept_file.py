"""A file of no name on this server's disk, for as long as anybody holds it."""

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import BinaryIO, Final

_PIECE_BYTES: Final = 1024**2


class KeptFile:
    """A file that is there for as long as anybody holds this.

    Args:
        path: Where it lies; it is deleted with this. None where the disk did not take it.
        content: What is in it, where it lies nowhere.
    """

    def __init__(self, path: Path | None, content: bytes | memoryview = b"") -> None:
        self.path, self._content = path, content
        if path is not None:
            weakref.finalize(self, _delete, path)

    @classmethod
    def of(cls, content: bytes | memoryview) -> "KeptFile":
        """One that holds this; in memory where the disk is full, which its reader will say."""
        try:
            path = _new_path()
            kept = cls(path)
            path.write_bytes(content)
        except OSError:
            return cls(None, content)
        return kept

    @classmethod
    def like(cls, path: Path) -> "KeptFile":
        """One that holds what another file does, which may go.

        Raises:
            OSError: where the disk does not take it.
        """
        new = _new_path()
        kept = cls(new)
        new.unlink()
        _link(path, new)
        return kept

    @classmethod
    def copied(cls, stream: BinaryIO) -> "KeptFile":
        """One that holds what is left of a stream; no more than a piece of it is in memory.

        Raises:
            OSError: where the disk does not take it.
        """
        path = _new_path()
        kept = cls(path)
        with path.open("wb") as own:
            shutil.copyfileobj(stream, own, _PIECE_BYTES)
        return kept

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.path.stat().st_size if self.path else len(self._content)

    def head(self, count: int) -> bytes:
        """The bytes it begins with, at most so many."""
        if self.path is None:
            return bytes(self._content[:count])
        with self.path.open("rb") as stream:
            return stream.read(count)

    def read(self) -> bytes:
        """All of it."""
        return self.path.read_bytes() if self.path else bytes(self._content)

    def lay(self, path: Path) -> None:
        """Have it stand under a name, for whoever reads it there and writes nothing into it.

        Raises:
            OSError: where the disk does not take it.
        """
        if self.path is None:
            path.write_bytes(self._content)
        else:
            _link(self.path, path)


def _new_path() -> Path:
    number, name = tempfile.mkstemp(prefix="gliolens-")
    os.close(number)
    return Path(name)


def _link(path: Path, to: Path) -> None:
    """Two names of one file, where the disk knows such; else a copy."""
    try:
        os.link(path, to)
    except OSError:
        shutil.copyfile(path, to)


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)
