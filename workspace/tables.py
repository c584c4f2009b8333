"""Tables of figures as the pages show them."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st


def figures_table(rows: Sequence[Mapping[str, str | None]]) -> None:
    """Rows whose first column says what they are of; figures stand to the right, digit by digit."""
    table = pd.DataFrame(rows)
    right = st.column_config.TextColumn(alignment="right")
    columns = dict.fromkeys(table.columns[1:], right)
    # On a phone the table scrolls sideways, and a row must keep its name.
    columns[table.columns[0]] = st.column_config.TextColumn(pinned=True)
    st.dataframe(table, hide_index=True, column_config=columns, placeholder="–")
