"""How many items the sequences of a header have, before the parser is through them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

# A header of enhanced images has an item for some hundred bytes of the file, its pixels counted;
# each takes pydicom some 20 µs and half a kilobyte.
MAX_ITEMS: Final = 500_000
FREE_ITEMS: Final = 5_000
BYTES_AN_ITEM: Final = 256
ITEM: Final = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")  # in either byte order
_ITEM_BYTES: Final = 8  # the least that one takes
_FEW: Final = 1_000  # as many take the parser 10 ms
_PART: Final = 1 << 20
_ELEMENT_START: Final = 12

# All bytes of a file, in parts.
Whole = Callable[[], Iterator[bytes]]


class TooManyItemsError(Exception):
    """More items than any header has."""


class ItemCount:
    """Counts the items in what is read of a header, and in the whole file once they are not few.

    The pixels behind an ordinary header are not read.

    Args:
        size: Bytes of the file.
        whole: Reads it.
    """

    def __init__(self, size: int, whole: Whole) -> None:
        self._most = min(FREE_ITEMS + size // BYTES_AN_ITEM, MAX_ITEMS)
        self._few = _FEW if size > self._most * _ITEM_BYTES else MAX_ITEMS
        self._whole = whole
        self._taken = 0

    def take(self, part: bytes) -> None:
        """Count the items in what was read in one piece.

        Raises:
            TooManyItemsError: for more in the file than any header has.
        """
        if len(part) > _ELEMENT_START:
            self._taken += _items_in(part)
        elif part.startswith(ITEM):  # most reads are short, and none of an item
            self._taken += 1
        else:
            return
        if self._taken <= self._few:
            return
        self._few = MAX_ITEMS
        if sum(map(_items_in, self._whole())) > self._most:
            raise TooManyItemsError


def parts_of(path: Path) -> Iterator[bytes]:
    """A file from its beginning."""
    with path.open("rb") as stream:
        while part := stream.read(_PART):
            yield part


def _items_in(part: bytes) -> int:
    return max(part.count(item) for item in ITEM)
