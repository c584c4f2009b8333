from streamlit.runtime import Runtime

from workspace.jobs.visitors import is_here, this_visitor


class Server:
    """As much of a server as tells who is connected."""

    def is_active_session(self, who):
        return who == "connected"


def test_outside_of_a_server_there_is_no_visitor_and_nobody_leaves():
    assert this_visitor() is None
    assert is_here("anyone")


def test_whoever_has_closed_the_tab_is_gone(monkeypatch):
    monkeypatch.setattr(Runtime, "_instance", Server())
    assert is_here("connected")
    assert not is_here("closed the tab")


def test_the_server_itself_always_waits(monkeypatch):
    monkeypatch.setattr(Runtime, "_instance", Server())
    assert is_here(None)
