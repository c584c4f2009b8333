"""Lists in words."""

from collections.abc import Sequence


def join_words(words: Sequence[str]) -> str:
    """``a, b and c``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
