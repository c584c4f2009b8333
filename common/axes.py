"""Values that come one an axis."""

from collections.abc import Iterable
from typing import TypeVar

Value = TypeVar("Value")


def triple(values: Iterable[Value]) -> tuple[Value, Value, Value]:
    """Three values, one for each axis of a volume.

    Raises:
        ValueError: if there are more or fewer.
    """
    first, second, third = values
    return first, second, third
