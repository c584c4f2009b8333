"""Who is looking: one browser tab is one visitor, as long as it is connected."""

from collections.abc import Callable, Hashable

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


def what_to_drop() -> Callable[[], None] | None:
    """What drops all that this visitor's session holds, for when they have left for good.

    None outside of a server. Streamlit can end a session, but then waits for the next visitor with
    the last one in its hands, so what is inside is cleared too.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or not Runtime.exists():
        return None
    who, parts = context.session_id, context.fragment_storage
    runtime = Runtime.instance()
    session = runtime.get_app_session(who)
    if session is None:  # left while this script was running
        return None

    def drop() -> None:
        # What a logout calls: the one way to end a session that is open to every thread. It puts
        # away what was uploaded and the pictures sent; nobody comes back to the session after it.
        runtime.clear_user_info_for_session(who)
        if not is_here(who):
            session.session_state.clear()
            parts.clear()
            session.flush_browser_queue()

    return drop
