"""Numbers as every page, picture and print writes them: at most three figures."""

from typing import Final

_FIGURES: Final = 3


def three_figures(value: float, *, decimals: int = 1) -> str:
    """A number with at most three figures; one of more digits before the point keeps them.

    Args:
        value: In the unit that stands beside it.
        decimals: How many there are at most.
    """
    for places in range(decimals, 0, -1):
        text = f"{value:.{places}f}"
        if sum(character.isdigit() for character in text) <= _FIGURES:
            return text
    return f"{value:.0f}"
