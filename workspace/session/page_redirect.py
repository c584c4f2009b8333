"""That a page is only ever shown inside the app, whichever address is asked for first."""

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager


def enter_by_app() -> None:
    """Start again through app.py where Streamlit has run a page by itself.

    Until ``st.navigation`` is called for the first time on a server, Streamlit takes any folder
    ``pages/`` for pages of its old kind. A first visit to ``/models`` would run that file alone:
    without name, navigation, style and disclaimer. No option turns this off; the flag is what
    ``st.navigation`` itself sets.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()
