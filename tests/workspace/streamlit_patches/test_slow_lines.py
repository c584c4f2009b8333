"""What a line does not take is sent later, in its order; the page goes on then."""

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from workspace.streamlit_patches import slow_lines
from workspace.streamlit_patches.slow_lines import MOST_ON_THE_WAY

APP = Path(__file__).with_name("line_app.py")
# The page takes a second or two; in vain it would be waited for without end.
PATIENCE_MS = 30_000
JUST_BEFORE = re.compile("Drawn [345] times")
ALL = range(2 * MOST_ON_THE_WAY)


class Session:
    """A visitor's, with more to be sent than may be on the way."""

    def __init__(self):
        self.id = "a visitor"
        self.times_looked = 0
        self.later = []
        self._event_loop = SimpleNamespace(
            call_later=lambda _, act, *given: self.later.append((act, given))
        )
        self._browser_queue = ForwardMsgQueue()
        for number in ALL:
            self._browser_queue.enqueue(ForwardMsg(hash=str(number)))

    def _message_enqueued_callback(self):
        self.times_looked += 1

    def goes_on(self):
        act, given = self.later.pop()
        act(*given)

    def flush_browser_queue(self):
        return self._browser_queue.flush()


@pytest.fixture
def on_the_way(monkeypatch):
    """The messages that the line has not taken."""
    queue = asyncio.Queue()
    client = SimpleNamespace(_send_queue=queue)
    runtime = SimpleNamespace(exists=lambda: True, instance=lambda: runtime)
    runtime.get_client = lambda _: client
    monkeypatch.setattr(slow_lines, "Runtime", runtime)
    return queue


def flush(session):
    sent = slow_lines._with_room(Session.flush_browser_queue)(session)
    return [int(each.hash) for each in sent]


def test_it_is_sent_later_in_its_order(on_the_way):
    session = Session()
    assert flush(session) == [*ALL[:MOST_ON_THE_WAY]]
    session._browser_queue.enqueue(ForwardMsg(hash=str(len(ALL))))
    assert flush(session) == [*ALL[MOST_ON_THE_WAY:]]
    assert flush(session) == [len(ALL)]


def test_nothing_is_sent_where_there_is_no_room(on_the_way):
    for number in range(MOST_ON_THE_WAY + 1):
        on_the_way.put_nowait(number)
    session = Session()
    assert flush(session) == []
    assert len(session._browser_queue) == len(ALL)


def test_it_is_looked_for_room_again(on_the_way):
    session = Session()
    on_the_way.put_nowait("something")
    flush(session)
    flush(session)
    assert len(session.later) == 1  # however often it is asked for
    session.goes_on()
    assert session.times_looked == 1


@pytest.mark.browser
def test_a_press_counts_after_the_line_has_taken_nothing_for_a_while(server_starter, browser):
    with server_starter(APP) as address:
        page = browser.new_page()
        page.goto(f"{address}/slow_line")
        expect(page.get_by_text(JUST_BEFORE)).to_be_visible(timeout=PATIENCE_MS)
        page.wait_for_timeout(10_000)
        page.get_by_role("button", name="Press").click()
        expect(page.get_by_text("Pressed 1 times.")).to_be_visible(timeout=PATIENCE_MS)
        page.close()
