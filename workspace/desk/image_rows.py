"""What lies on a desk, with what each image was recognised as, for the visitor to correct."""

from collections.abc import Callable

import streamlit as st

from inference.io.files.file_names import TRUTH
from inference.io.label_conventions import CONVENTIONS
from workspace.desk.desk import ROLES, Desk, Row, conventions_of, set_role
from workspace.desk.numbered_pictures import could_be_either, read_otherwise
from workspace.desk.thumbnails import described
from workspace.display.page_frame import plain


def correctable(here: Desk, clear: Callable[[], None], *, prefix: str = "") -> None:
    """A row for every image.

    Args:
        here: The desk.
        clear: Puts everything away.
        prefix: What tells the widgets of this desk from those of another.
    """
    caption, clear_all = st.columns([3, 1], vertical_alignment="center")
    caption.caption("Recognised by name. Correct what is wrong before you open it.")
    clear_all.button("Clear all", icon=":material/delete:", on_click=clear, width="stretch")
    _slices_or_modalities(here, key=f"{prefix}{here.rounds}")
    for number, row in enumerate(here.rows):
        key = f"{prefix}{here.rounds}-{number}"
        with st.container(border=True):
            image, role = st.columns([3, 1], vertical_alignment="center")
            image.html(described(row.title, row.image))
            with role:
                _role(row, key=key)
            if row.role == TRUTH:
                _convention(row, key=key)


def _slices_or_modalities(here: Desk, *, key: str) -> None:
    numbered = could_be_either(here)
    if numbered is None:
        return
    assumed, change = st.columns([2, 1], vertical_alignment="center")
    assumed.caption(plain(numbered.assumed))
    change.button(
        numbered.otherwise,
        on_click=read_otherwise,
        args=[here, numbered],
        width="stretch",
        key=f"numbered-{key}",
    )


def _role(row: Row, *, key: str) -> None:
    options = list(ROLES)
    chosen = st.selectbox(
        f"Read {row.title} as",
        options,
        index=None if row.role is None else options.index(row.role),
        format_func=ROLES.get,
        placeholder="What is it?",
        label_visibility="collapsed",
        key=f"role-{key}",
    )
    if chosen != row.role:
        set_role(row, chosen)
        st.rerun()


def _convention(row: Row, *, key: str) -> None:
    options = conventions_of(row)
    if options == [row.convention]:
        st.caption(f"{CONVENTIONS[row.convention].title}. Only the whole tumour is scored.")
        return
    row.convention = st.selectbox(
        "What its numbers mean",
        options,
        index=options.index(row.convention) if row.convention in options else None,
        format_func=lambda name: CONVENTIONS[name].title,
        placeholder="Choose: the numbers do not tell",
        key=f"convention-{key}",
    )
    if row.convention and len([name for name in options if CONVENTIONS[name].labels]) > 1:
        st.caption("The numbers fit more than one of these: check that it is the one you mean.")
