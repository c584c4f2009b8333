"""A call that came too early is repeated as of what the visitor has chosen since."""

from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState

from workspace.streamlit_patches import late_calls


class Session:
    """A visitor's, with one part of a page; its first call comes too early."""

    def __init__(self):
        self.taken, self.later = [], []
        loop = SimpleNamespace(call_later=lambda _, act, *given: self.later.append((act, given)))
        loop.call_soon_threadsafe = lambda act, *given: act(*given)
        self._event_loop = loop
        self.is_ending = True

    def has_fragment(self, name):
        return name == "part"

    def request_rerun(self, call):
        late_calls._take_call(take, self, call)

    def ends(self):
        self.is_ending = False

    def asks_again(self):
        act, given = self.later.pop()
        act(*given)


def take(session, call):
    if session.is_ending:
        raise late_calls._TooEarlyError
    session.taken.append((call.fragment_id, call.page_script_hash, chosen_in(call)))


def call_for(page, *, checked, part="", by_clock=False):
    call = ClientState(page_script_hash=page, fragment_id=part, is_auto_rerun=by_clock)
    widget = call.widget_states.widgets.add()
    widget.id, widget.bool_value = "a checkbox", checked
    return call


def chosen_in(call):
    (widget,) = call.widget_states.widgets
    return widget.bool_value


@pytest.fixture
def session():
    session = Session()
    session.request_rerun(call_for("here", checked=False, part="part"))
    assert session.taken == []
    session.asks_again()  # in vain: the run before it has still not told all
    session.ends()
    return session


def test_it_is_repeated_as_it_was_where_no_other_has_come(session):
    session.asks_again()
    assert session.taken == [("part", "here", False)]


def test_it_takes_nothing_back_of_what_was_chosen_since(session):
    session.request_rerun(call_for("elsewhere", checked=True))
    session.asks_again()
    assert session.taken == [("", "elsewhere", True), ("part", "elsewhere", True)]


def test_what_the_clock_says_of_the_page_does_not_count(session):
    session.request_rerun(call_for("left", checked=False, part="part", by_clock=True))
    session.asks_again()
    assert session.taken[-1] == ("part", "here", False)
