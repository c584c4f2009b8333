"""What has to be settled before the files on a desk are opened."""

import streamlit as st

from workspace.desk.desk import Desk, problem, while_there
from workspace.desk.whose_files import of_two_patients, say_one_patient
from workspace.display.page_frame import plain


def show_problem(here: Desk) -> str | None:
    """Say what keeps the files from being opened, with the visitor's way out.

    Returns:
        The sentence; None where nothing does.
    """
    if wrong := problem(here):
        st.warning(plain(wrong), icon=":material/rule:")
        return wrong
    wrong = of_two_patients(here)
    if wrong:
        st.warning(plain(wrong), icon=":material/group:")
        st.button(
            "They are of one patient",
            icon=":material/person:",
            on_click=while_there(here, say_one_patient),
        )
    return wrong
