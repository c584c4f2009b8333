"""What lies on a desk, with what each image was recognised as, for the visitor to correct."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from inference.io.names.file_names import TRUTH
from inference.io.names.wording import listed
from inference.io.truths.label_conventions import CONVENTIONS
from workspace.desk.arrival.dropped import Failed
from workspace.desk.arrival.uploads import leave_out, try_again
from workspace.desk.desk import (
    NOT_USED,
    ROLES,
    Desk,
    Row,
    conventions_of,
    expected_convention,
    question_of,
    set_role,
    while_there,
)
from workspace.desk.numbered_files import ORDERS, Order, numbered_rows, take_order
from workspace.desk.numbered_pictures import could_be_either, read_otherwise
from workspace.desk.thumbnails import described
from workspace.display.page_frame import plain

# Not None: a box whose choice is None shows as one in which nothing was chosen.
_FOUND_OUT: Final = "found out"


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
    _order(here, key=f"{prefix}{here.rounds}")
    for number, row in enumerate(here.rows):
        key = f"{prefix}{here.rounds}-{number}"
        with st.container(border=True):
            image, role = st.columns([3, 1], vertical_alignment="center")
            image.html(described(row.title, row.image))
            with role:
                _role(here, number, key=key)
            if row.role == TRUTH:
                _convention(here, row, key=key)
    for failed in here.failed:
        _unread(here, failed, key=f"{prefix}{failed.mark}")


def _unread(here: Desk, failed: Failed, *, key: str) -> None:
    """A file that could not be read stays, named, with a way to go on."""
    mark = failed.mark  # by which a press that waited behind another finds it, and no other file
    with st.container(border=True):
        st.error(plain(failed.sentence), icon=":material/error:")
        with st.container(horizontal=True):
            st.button(
                "Try again",
                icon=":material/refresh:",
                on_click=while_there(here, lambda on: try_again(on, mark)),
                key=f"again-{key}",
            )
            st.button(
                "Leave it out",
                icon=":material/close:",
                on_click=while_there(here, lambda on: leave_out(on, mark)),
                key=f"out-{key}",
            )


def _slices_or_modalities(here: Desk, *, key: str) -> None:
    numbered = could_be_either(here)
    if numbered is None:
        return
    assumed, change = st.columns([2, 1], vertical_alignment="center")
    assumed.caption(plain(numbered.assumed))
    change.button(
        numbered.otherwise,
        on_click=while_there(here, _read_otherwise),
        width="stretch",
        key=f"numbered-{key}",
    )


def _read_otherwise(here: Desk) -> None:
    numbered = could_be_either(here)
    if numbered is not None:
        read_otherwise(here, numbered)


def _order(here: Desk, *, key: str) -> None:
    """What numbered files are, asked once of all; each can be corrected afterwards."""
    rows = numbered_rows(here)
    if not rows:
        return
    options = list(dict.fromkeys([*([here.order] if here.order else []), *ORDERS]))
    chosen = st.selectbox(
        f"What {plain(listed([row.title for row in rows]))} are, in this order",
        options,
        index=None if here.order is None else options.index(here.order),
        format_func=_modalities,
        placeholder="Choose their order",
        key=f"order-{key}",
    )
    if chosen and chosen != here.order:
        take_order(here, chosen)
        here.rounds += 1  # the rows begin with what they are now
        st.rerun()


def _modalities(order: Order) -> str:
    return ", ".join(ROLES[kind or NOT_USED] for kind in order)


def _role(here: Desk, number: int, *, key: str) -> None:
    options, row, key = list(ROLES), here.rows[number], f"role-{key}"
    st.selectbox(
        f"Read {row.title} as",
        options,
        index=None if row.role is None else options.index(row.role),
        format_func=ROLES.get,
        placeholder="What is it?",
        label_visibility="collapsed",
        key=key,
        # Before the page is drawn: whoever goes on to another page at once has chosen too.
        on_change=while_there(row, lambda row: set_role(row, st.session_state[key])),
    )


def _convention(here: Desk, row: Row, *, key: str) -> None:
    """What the numbers of a truth mean: found out, unless the visitor says it or is asked."""
    options = conventions_of(row)
    if options == ["whole"]:
        st.caption(f"{CONVENTIONS['whole'].title}. Only the whole tumour is scored.")
        return
    question = question_of(here)
    asked = question.choices if question else ()
    chosen = st.selectbox(
        "What its numbers mean",
        list(asked) or [_FOUND_OUT, *options],
        index=None if asked else [_FOUND_OUT, *options].index(row.convention or _FOUND_OUT),
        format_func=_title,
        placeholder="Choose what they mean",
        key=f"convention-{key}-{bool(asked)}",
    )
    row.convention = None if chosen == _FOUND_OUT else chosen
    if row.convention is None:
        st.caption("If it is no truth, set it to “Not used”." if asked else _expectation(row))
    if asked and row.convention:
        st.rerun()  # nothing is asked any more


def _title(convention: str) -> str:
    if convention == _FOUND_OUT:
        return "Find out by numbers, name and images"
    return CONVENTIONS[convention].title


def _expectation(row: Row) -> str:
    expected = expected_convention(row)
    if expected is None:
        return "The numbers do not tell; the images decide when it is opened."
    return f"So far {CONVENTIONS[expected].title}. The images decide when it is opened."
