"""Tables of figures as the pages show them."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import streamlit as st


def figures_table(rows: Sequence[Mapping[str, str | None]], *, words: Collection[str] = ()) -> None:
    """Rows whose first column says what they are of; figures stand to the right, digit by digit.

    Args:
        rows: One a row, by column.
        words: Further columns of words, which stand to the left.
    """
    table = pd.DataFrame(rows)
    right = st.column_config.TextColumn(alignment="right")
    columns = {name: right for name in table.columns[1:] if name not in words}
    # On a phone the table scrolls sideways, and a row must keep its name.
    columns[table.columns[0]] = st.column_config.TextColumn(pinned=True)
    st.dataframe(table, hide_index=True, column_config=columns, placeholder="–")
