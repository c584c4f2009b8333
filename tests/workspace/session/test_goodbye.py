"""Whether a page was closed or its line broke, as its connection's last message says."""

from types import SimpleNamespace

import pytest

from tests.support.run_async import run_async
from workspace.session import goodbye
from workspace.session.goodbye import listen_for_goodbye, said_goodbye


class Connection:
    """As Streamlit's server holds that of a visitor."""

    def __init__(self, *messages):
        self._messages = list(messages)
        self._websocket = SimpleNamespace(_receive=self._next)

    async def _next(self):
        return self._messages.pop(0)

    def hear(self):
        return run_async(self._websocket._receive())


@pytest.fixture
def visit(monkeypatch):
    """A script run of a visitor with this connection."""

    def run(who, connection):
        runtime = SimpleNamespace(get_client=lambda _: connection)
        server = SimpleNamespace(exists=lambda: True, instance=lambda: runtime)
        monkeypatch.setattr(goodbye, "Runtime", server)
        monkeypatch.setattr(goodbye, "this_visitor", lambda: who)
        listen_for_goodbye()

    return run


@pytest.mark.parametrize(("code", "closed"), [(1001, True), (1006, False), (1000, False)])
def test_a_page_that_is_closed_says_so_and_a_line_that_breaks_does_not(visit, code, closed):
    who = f"one of {code}"
    message = {"type": "websocket.receive", "bytes": b"1001"}
    connection = Connection(message, {"type": "websocket.disconnect", "code": code})
    visit(who, connection)
    visit(who, connection)  # every run listens, and once is enough
    assert connection.hear() == message
    assert not said_goodbye(who)
    assert connection.hear()["code"] == code
    assert said_goodbye(who) is closed


def test_one_who_is_back_has_not_left(visit):
    leaving = Connection({"type": "websocket.disconnect", "code": 1001})
    visit("back", leaving)
    leaving.hear()
    assert said_goodbye("back")
    visit("back", Connection())
    assert not said_goodbye("back")


@pytest.mark.parametrize("connection", [None, SimpleNamespace()])
def test_a_server_of_another_kind_knows_of_no_goodbye(visit, connection):
    visit("other", connection)
    assert not said_goodbye("other")
