"""What the sections of the benchmark page share: choices, charts, and where figures come from."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import streamlit as st

from workspace.benchmark.measures import MEASURES, Measure
from workspace.models.evaluation_results import command_for
from workspace.session.widget_state import keep, prepare


def choose_measure(keys: Sequence[str], *, key: str) -> Measure:
    """The measure that the visitor chooses, explained."""
    titles = {each: MEASURES[each].title for each in keys}
    measure = MEASURES[choose_one("Measure", keys, titles, key=key, first=keys[0])]
    st.caption(f"{measure.sentence} The {measure.better} the better.")
    return measure


def choose_one(
    label: str, options: Sequence[str], titles: Mapping[str, str], *, key: str, first: str
) -> str:
    """What the visitor chooses, or chose when the page was last left."""
    if st.session_state[prepare(key, first)] not in options:
        st.session_state[key] = first
    chosen = st.segmented_control(label, options, required=True, format_func=titles.get, key=key)
    return keep(key, chosen or first)


def draw_chart(figure: go.Figure, *, key: str) -> None:
    """A chart without the bar of buttons."""
    st.plotly_chart(figure, config={"displayModeBar": False}, key=key)


def not_measured(sentence: str, name: str) -> None:
    """That results are not here, and the command that makes them."""
    st.markdown(f"{sentence} This command does it:")
    st.code(command_for(name), language=None)


def made_by(command: str) -> None:
    """Where figures come from."""
    st.caption(f"Made by `{command}`")
