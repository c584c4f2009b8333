"""Tables of figures as the pages show them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

# Letters; about half of a phone, and what leaves room there for a row of short figures.
_LONGEST_PINNED: Final = 24
_LONGEST_UNBROKEN: Final = 30
# CSS pixels. Streamlit breaks lines in rows that are higher than 64.
_BROKEN_WIDTH, _BROKEN_HEIGHT = 180, 66


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
    longest = table[first].str.len().max()
    broken = bool(longest > _LONGEST_UNBROKEN)
    columns[first] = st.column_config.TextColumn(
        pinned=broken or bool(longest <= _LONGEST_PINNED),
        width=_BROKEN_WIDTH if broken else None,
    )
    # As wide as what stands in it: heads stand to the left, and would be far from their figures.
    st.dataframe(
        table,
        hide_index=True,
        column_config=columns,
        placeholder="–",
        width="content",
        row_height=_BROKEN_HEIGHT if broken else None,
    )
