"""A page that is loaded anew keeps what its visitor had: the desk, the study, the open case.

To Streamlit a reload is another visitor. A cookie names what the visitor of this browser last had;
who comes with such a name, while nobody else is connected under it, takes it over. What was let go
of meanwhile is said.
"""

import secrets
import time
import weakref
from dataclasses import dataclass
from typing import Final

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from workspace.jobs.visitors import is_here
from workspace.session.landing import ARRIVED
from workspace.session.sign_in import signed_in_as

# What a visitor brought or made; what widgets hold, they make themselves.
_TAKEN_OVER: Final = (*("desk", "desk of pictures", "open_case", "study", "prepared_files"),)
# Choices of pages, as workspace.session.widget_state keeps them.
_CHOICES: Final = "kept:"
_NAME: Final = "reload-name"
_LET_GO: Final = "let-go"
_COOKIE: Final = "gliolens-visit"
_MOST_TABS: Final = 4
_LOOKS: Final = 5
_BETWEEN_LOOKS: Final = 0.1
_SCRIPT: Final = """<script>
  (() => {
    const others = (document.cookie.match(/(?:^|; )%(cookie)s=([^;]*)/)?.[1] ?? "").split(".");
    const names = [%(names)s, ...others.filter((name) => name && name !== "%(own)s")];
    document.cookie = `%(cookie)s=${names.slice(0, %(most)d).join(".")}; path=/; SameSite=Strict`;
  })();
</script>"""


@dataclass(frozen=True)
class _Visit:
    """A visitor's session, which Streamlit keeps for a while once they have left.

    Args:
        who: The visitor.
        session: Their session.
        user: Who had signed in; "" where nobody has to.
    """

    who: str
    session: "weakref.ref"
    user: str


_visits: Final[dict[str, _Visit]] = {}


def take_over() -> None:
    """Give a visitor who loaded the page anew what they had before; once, on their first run."""
    if _NAME in st.session_state:
        return
    st.session_state[_NAME] = secrets.token_urlsafe(16)
    named = [name for name in st.context.cookies.get(_COOKIE, "").split(".") if name]
    for name in named:
        visit = _visits.get(name)
        if visit is not None and visit.user != signed_in_as():
            continue  # of someone who signed out here
        if visit is not None and _stays(visit.who):
            continue  # another tab of this browser
        _visits.pop(name, None)
        if visit is not None and _moved(visit):
            st.session_state[ARRIVED] = True  # no other case is to be opened
            # A page loaded anew before it was drawn, as the theme does, still brings this name.
            _keep_visit(name)
            return
        st.session_state[_LET_GO] = True
        return


def remember_visit() -> None:
    """Have the browser know this visit by its name, as long as there is something to come back to.

    Called at the end of a run, when it is known.
    """
    name = st.session_state.get(_NAME)
    _forget_ended()
    if name is None or not _keep_visit(name):
        return
    names = f'"{name}"' if _has_something() else ""
    values = {"cookie": _COOKIE, "names": names, "own": name, "most": _MOST_TABS}
    st.html(_SCRIPT % values, unsafe_allow_javascript=True)


def _keep_visit(name: str) -> bool:
    """Keep this visit under a name that its browser comes back with; False where there is none."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return False
    session = Runtime.instance().get_app_session(context.session_id)
    if session is None:
        return False
    _visits[name] = _Visit(context.session_id, weakref.ref(session), signed_in_as())
    return True


def say_what_was_let_go() -> None:
    """That nothing was left of the visit before, until there is something new."""
    if st.session_state.get(_LET_GO) and not _has_something():
        st.info(
            "What was open here before has been let go of: nothing is kept for longer than two "
            "minutes after a page was left, nor over a restart of the server. Open it again.",
            icon=":material/history:",
        )


def _stays(who: str) -> bool:
    """Whether a visitor is still connected: of a page that is loaded anew it takes a moment."""
    for _ in range(_LOOKS):
        if not is_here(who):
            return False
        time.sleep(_BETWEEN_LOOKS)
    return is_here(who)


def _has_something() -> bool:
    state = st.session_state
    desks = (state.get("desk"), state.get("desk of pictures"))
    return (
        any(desk is not None and (desk.rows or desk.failed) for desk in desks)
        or state.get("study") is not None
        or state.get("open_case") is not None
    )


def _moved(visit: _Visit) -> bool:
    """Move what a session that nobody is connected to holds to the one that runs."""
    session = visit.session()
    if session is None:
        return False
    left = session.session_state
    kept = [key for key in left.filtered_state if key in _TAKEN_OVER or key.startswith(_CHOICES)]
    for key in kept:
        st.session_state[key] = left[key]
        del left[key]
    return any(key in _TAKEN_OVER for key in kept)


def _forget_ended() -> None:
    for name in [name for name, visit in _visits.items() if visit.session() is None]:
        del _visits[name]
