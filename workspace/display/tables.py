"""Tables of figures as the pages show them."""

import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

# Letters; about half of a phone, and what leaves room there for a row of short figures.
_LONGEST_PINNED: Final = 24
_LONGEST_UNBROKEN: Final = 30
# CSS pixels. Streamlit keeps a column as wide as its first rows asked for, and where rows come one
# by one the longest name comes later.
_NAME_WIDTH, _LONGEST_NAME = 130, 16
# CSS pixels. Streamlit breaks lines in rows that are higher than 64; what does not fit is cut off.
_BROKEN_WIDTH, _BROKEN_HEIGHT = 180, 66
_LINE_HEIGHT, _ROW_PADDING = 20, 6
# Letters that surely fit in a line of a broken name.
_LINE_LETTERS: Final = 20


def figures_table(rows: Sequence[Mapping[str, str | None]], *, words: Collection[str] = ()) -> None:
    """Rows whose first column says what they are of; figures stand to the right, digit by digit.

    Args:
        rows: One a row, by column.
        words: Further columns of words, which stand to the left.
    """
    table = pd.DataFrame(rows)
    right = st.column_config.TextColumn(alignment="right")
    columns = {name: right for name in table.columns[1:] if name not in words}
    # On a phone the table scrolls sideways, and a row must keep its name, if that leaves room.
    first = table.columns[0]
    longest = int(table[first].str.len().max())
    broken = longest > _LONGEST_UNBROKEN
    columns[first] = st.column_config.TextColumn(
        pinned=broken or longest <= _LONGEST_PINNED,
        width=_width(longest),
    )
    # As wide as what stands in it: heads stand to the left, and would be far from their figures.
    st.dataframe(
        table,
        hide_index=True,
        column_config=columns,
        placeholder="–",
        width="content",
        height="content",
        row_height=_broken_height(table[first]) if broken else None,
    )


def _width(longest: int) -> int | None:
    """CSS pixels of a first column by the letters of its longest name; None for what it takes."""
    if longest > _LONGEST_UNBROKEN:
        return _BROKEN_WIDTH
    return _NAME_WIDTH if longest <= _LONGEST_NAME else None


def _broken_height(names: Iterable[str]) -> int:
    """CSS pixels of a row in which the longest of these names is broken into lines."""
    lines = max(len(textwrap.wrap(name, _LINE_LETTERS)) for name in names)
    return max(_BROKEN_HEIGHT, lines * _LINE_HEIGHT + _ROW_PADDING)
