"""Reading the next case and writing the last while the networks answer one."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TypeVar

from common.threads import ThreadPool

Item = TypeVar("Item")
Found = TypeVar("Found")
Worked = TypeVar("Worked")


def overlapped(
    items: Iterable[Item],
    read: Callable[[Item], Found],
    work: Callable[[Item, Found], Worked],
    write: Callable[[Item, Worked], None],
) -> None:
    """Read, work on and write every item, in their order; the three go on side by side.

    Three items are in memory at most: one that was read or is being read, one that is worked on,
    and one that is being written.

    Args:
        items: Each is asked for when the one before has been read.
        read: Runs in a thread of its own.
        work: Runs in the thread that calls this.
        write: Runs in a thread of its own.

    Raises:
        Exception: the first that one of the three raises; what is being written is finished, and
            no other item is.
    """
    left = iter(items)
    with ThreadPool(1) as reader, ThreadPool(1) as writer:

        def begin() -> "tuple[Item, Future[Found]] | None":
            for item in left:
                return item, reader.submit(read, item)
            return None

        ahead, written = begin(), None
        while ahead is not None:
            item, reading = ahead
            found = reading.result()
            del reading  # it holds what was read
            ahead = begin()
            worked = work(item, found)
            del found
            if written is not None:
                written.result()
            written = writer.submit(write, item, worked)
            del worked
        if written is not None:
            written.result()
