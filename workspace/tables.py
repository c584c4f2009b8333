"""Tables of figures as the pages show them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

# Letters; about half of a phone.
_LONGEST_PINNED: Final = 24


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
    is_short = table[first].str.len().max() <= _LONGEST_PINNED
    columns[first] = st.column_config.TextColumn(pinned=bool(is_short))
    # As wide as what stands in it: heads stand to the left, and would be far from their figures.
    st.dataframe(table, hide_index=True, column_config=columns, placeholder="–", width="content")
