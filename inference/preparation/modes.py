"""When a scan is prepared; readable without NumPy."""

from typing import Final, Literal

Prepare = Literal["auto", "never", "always"]
PREPARE: Final[tuple[Prepare, ...]] = ("auto", "never", "always")
