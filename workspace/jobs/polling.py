"""A part of a page that draws itself again and again while the page waits for something."""

import itertools
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import streamlit as st

from workspace.held_cases import Belonging
from workspace.open_case import current_case, going_with_case

_runs: Final = itertools.count()


def poll(show: Callable[..., None], *arguments: Any, every: float | None) -> None:
    """Draw a part of the page now and, alone, every few seconds.

    While it polls, the part is another one to Streamlit in each run of the page. Under one name,
    a call for the part that reaches the server just as a run of the page ends makes it throw away
    what of that run is still to be sent, the order to go on polling with it (the comment in
    ``AppSession.request_rerun`` of Streamlit 1.67 tells how); the page then waits for good. A
    call for a part that is no more is ignored.

    Args:
        show: Draws it. May ask for the whole page with ``st.rerun``.
        *arguments: What ``show`` is called with.
        every: Seconds from one time to the next; None to draw it by itself only when one of its
            widgets is touched.
    """
    part = _part_of_page(show, going_with_case(arguments), polls=every is not None)
    st.fragment(part, run_every=every)()


def _part_of_page(
    show: Callable[..., None], arguments: Belonging[tuple[Any, ...]], *, polls: bool
) -> Callable[[], None]:
    """What Streamlit keeps of a part until the page is drawn anew: nothing of the open case."""

    @wraps(show)
    def part() -> None:
        given = arguments.thing  # once: it may go in the middle
        if given is None:
            st.rerun()  # the page says that the case was let go of
        if polls:
            current_case()  # whoever waits looks at it, for all that others need
        show(*given)

    if polls:
        part.__qualname__ = f"{show.__qualname__}-{next(_runs)}"
    return part
