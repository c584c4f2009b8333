"""Who is looking: one browser tab is one visitor, as long as it is connected."""

from collections.abc import Hashable

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx


def this_visitor() -> str | None:
    """The visitor for whom this script runs; None outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else None


def is_here(who: Hashable) -> bool:
    """Whether this visitor is still connected; None, the server itself, always is.

    One whose connection broke for a moment is gone meanwhile, and asks again at the next run.
    """
    if who is None:
        return True
    try:
        runtime = Runtime.instance()
    except RuntimeError:  # no server, in which nobody can leave
        return True
    # A server that stops at this very moment leaves None behind.
    return runtime is None or bool(runtime.is_active_session(who))
