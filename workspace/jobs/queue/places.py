"""Where jobs of networks are done: here, or on other machines."""

from collections.abc import Callable
from typing import Final, NamedTuple


class Places(NamedTuple):
    """Where jobs of networks are done.

    Args:
        elsewhere: Whether other machines do them.
        count: How many they do at once, which may grow; it may take seconds to say so.
    """

    elsewhere: Callable[[], bool] = lambda: False
    count: Callable[[], int] = lambda: 0


HERE: Final = Places()
