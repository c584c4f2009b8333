"""What a file of the zoo is: how it is made, and the answer that is right for it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

READ: Final = ""


@dataclass(frozen=True)
class Animal:
    """Something a person or a program might give.

    Args:
        about: What is odd about it; unique.
        file: What it is called; of several files, their folder.
        make: Its bytes, or what makes it at the path given.
        words: Words of the sentence it is refused with; ``READ`` where it is read.
    """

    about: str
    file: str
    make: bytes | Callable[[Path], object]
    words: str = READ

    def put(self, folder: Path) -> Path:
        """Make it in a folder."""
        path = folder / self.file
        if isinstance(self.make, bytes):
            path.write_bytes(self.make)
        else:
            self.make(path)
        return path

    def put_again(self, folder: Path) -> Path:
        """Make it anew, in a folder inside."""
        inside = folder / "again"
        inside.mkdir(exist_ok=True)
        return self.put(inside)
