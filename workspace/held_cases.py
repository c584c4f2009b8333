"""The open cases of all visitors: what they take together, and whose makes room for others'.

Nearly all of a case lies in files that the system may take out of memory and read back. Where
those files lie in memory themselves, or the disk is full, cases take it up: beyond what there is
for them, those that nobody has looked at for the longest are let go of, and never what somebody
looks at.
"""

import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from common.errors import InputError
from workspace.events import Event, tell
from workspace.images_on_disk import nameless_bytes
from workspace.memory_budget import (
    files_take_memory,
    folder_bytes,
    held_bytes,
    open_budget_bytes,
)

T = TypeVar("T")

# A page that waits asks every second, and is drawn late on a busy server: with sixty visitors on
# two cores after a minute. One that waits for nothing may not ask for long: it keeps what it shows.
LOOKED_AT_SECONDS: Final = 120
# Of the memory for all: where the others have less, waiting for them makes no room.
_LITTLE: Final = 10


class NoRoomError(InputError):
    """All memory for open cases is taken by those that others look at."""

    def __init__(self) -> None:
        super().__init__(
            "This server's memory is full of cases that other visitors look at; try again in some "
            "minutes."
        )


@dataclass(frozen=True)
class WayBack:
    """How a case that was let go of is opened again.

    Args:
        page: The page that opens it.
        is_there: Whether what it was opened from is still there.
        let_go_too: Lets go of what else holds the case.
    """

    page: str
    is_there: Callable[[], bool]
    let_go_too: Callable[[], object] = lambda: None


class Belonging(Generic[T]):
    """Something of an open case that goes with it, whoever still holds this.

    Args:
        thing: None once the case is gone.
    """

    def __init__(self, thing: T) -> None:
        self.thing: T | None = thing


class HeldCase(Generic[T]):
    """An open case in its visitor's session, with what is kept of what was made of it.

    It can be let go of from any thread: whoever draws a page of it at that moment has it in hand.

    Args:
        case: The case.
        way_back: How it is opened again; None where nothing is left of its files.
    """

    def __init__(self, case: T, *, way_back: WayBack | None = None) -> None:
        self.way_back = way_back
        self._case: T | None = case
        self._made: dict[str, Any] = {}
        self._belongings: weakref.WeakSet[Belonging[Any]] = weakref.WeakSet()
        self._last_look = time.monotonic()

    def look(self) -> T | None:
        """The case, which is being looked at; None once it was let go of."""
        self._last_look = time.monotonic()
        return self._case

    def made(self, what: str) -> Any:
        """What was made of it and kept; None where there is nothing."""
        return self._made.get(what)

    def keep(self, what: str, thing: Any) -> None:
        """Keep what was made of it, for as long as it is open."""
        if self._case is not None:
            self._made[what] = thing

    def take_along(self, belonging: Belonging[Any]) -> None:
        """Have something go when the case does."""
        self._belongings.add(belonging)
        if self._case is None:
            belonging.thing = None

    def empty(self) -> None:
        """Let go of the case and all that was made of it."""
        self._case, self._made = None, {}
        for each in list(self._belongings):
            each.thing = None

    def make_room(self) -> None:
        """The same for others' sake: its visitor is told, and may open it again."""
        self.empty()
        if self.way_back is not None:
            self.way_back.let_go_too()
        tell(Event(event="let_go"))

    @property
    def is_empty(self) -> bool:
        """Whether it was let go of."""
        return self._case is None

    @property
    def idle_seconds(self) -> float:
        """How long ago it was looked at."""
        return time.monotonic() - self._last_look

    def bytes(self, *, in_files: bool = False) -> int:
        """What it takes in memory, or in files."""
        return held_bytes((self._case, self._made), in_files=in_files)


class HeldCases:
    """All that are open on a server, whoever's they are.

    Args:
        most_bytes: What they may take together.
        looked_at_seconds: For how long one stays that was looked at, whatever others need.
    """

    def __init__(
        self,
        *,
        most_bytes: Callable[[], int] = open_budget_bytes,
        looked_at_seconds: float = LOOKED_AT_SECONDS,
    ) -> None:
        self._most_bytes, self._looked_at_seconds = most_bytes, looked_at_seconds
        self._held: weakref.WeakSet[HeldCase] = weakref.WeakSet()
        self._lock = threading.Lock()

    def take(self, held: HeldCase, *, in_place_of: HeldCase | None = None) -> None:
        """Count one in; others that nobody looks at make room for it.

        Args:
            held: The one that is opened.
            in_place_of: What its visitor had open before, which goes.

        Raises:
            NoRoomError: where others look at all that takes memory.
        """
        with self._lock:
            others = self._others(held, in_place_of)
            beyond = self._beyond([held, *others], in_place_of)
            still_beyond = self._made_room(others, beyond)
            if still_beyond > 0 and sum(map(_bytes_of, others)) > self._most_bytes() // _LITTLE:
                raise NoRoomError
            self._held.add(held)

    def keep_within_memory(self, held: HeldCase) -> None:
        """Have others make room for what was made of one, as far as nobody looks at them."""
        with self._lock:
            others = self._others(held)
            self._made_room(others, self._beyond([held, *others]))

    def __len__(self) -> int:
        return len(self._others())

    def _others(self, *but: HeldCase | None) -> list[HeldCase]:
        return [each for each in self._held if each not in but and not each.is_empty]

    def _beyond(self, all_held: list[HeldCase], leaving: HeldCase | None = None) -> int:
        """By how much they take more than there is for them."""
        taken = sum(each.bytes() for each in all_held)
        if files_take_memory():
            # All that visitors have brought: what they dropped and exports too.
            taken += nameless_bytes() + folder_bytes()
            taken -= leaving.bytes(in_files=True) if leaving is not None else 0
        return taken - self._most_bytes()

    def _made_room(self, others: list[HeldCase], beyond: int) -> int:
        """Let go of as many as need be, those looked at last staying; what is still beyond."""
        for each in sorted(others, key=lambda held: -held.idle_seconds):
            if beyond <= 0 or each.idle_seconds < self._looked_at_seconds:
                break
            freed = _bytes_of(each)
            if freed:
                each.make_room()
                beyond -= freed
        return beyond


def _bytes_of(held: HeldCase) -> int:
    """What letting go of one gives back."""
    in_files = held.bytes(in_files=True) if files_take_memory() else 0
    return held.bytes() + in_files


held_cases: Final = HeldCases()
