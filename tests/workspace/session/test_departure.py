import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from benchmarks.browser import PATIENCE_MS
from workspace.jobs.visitors import what_to_drop
from workspace.session import departure
from workspace.session.departure import (
    AWAY_SECONDS,
    CLOSED_SECONDS,
    EVERY_SECONDS,
    SessionCleaner,
)

PAGE = Path(__file__).with_name("leaving_page.py")
# For the page to notice a broken connection, and to take it up again.
RECONNECT_MS = 20_000

KEEP_SOCKETS = """
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
        constructor(...given) { super(...given); window.sockets.push(this); }
    };
"""


class Door:
    """Visitors who come and go, and a doorkeeper whose thread is not needed."""

    def __init__(self, monkeypatch):
        self.now, self.here, self.ended, self.freed = 1000.0, set(), [], 0
        self.closed = set()
        # Not the clock of the whole process: other threads look at it too.
        clock = SimpleNamespace(monotonic=lambda: self.now, sleep=time.sleep)
        monkeypatch.setattr(departure, "time", clock)
        self.keeper = SessionCleaner(
            every_seconds=3600,
            is_here=lambda who: who in self.here,
            said_goodbye=lambda who: who in self.closed,
            free_garbage=self._free,
        )

    def _free(self):
        self.freed += 1

    def come(self, who):
        self.here.add(who)
        self.keeper.welcome(who, lambda: self.ended.append(who))

    def wait(self, seconds):
        """Look as often as the thread would."""
        for _ in range(round(seconds / EVERY_SECONDS)):
            self.now += EVERY_SECONDS
            self.keeper.look()


@pytest.fixture
def door(monkeypatch):
    return Door(monkeypatch)


def test_whoever_has_left_is_forgotten_once_and_without_another_visitor(door):
    door.come("one")
    door.here.clear()
    door.wait(AWAY_SECONDS - EVERY_SECONDS)
    assert door.ended == []
    door.wait(EVERY_SECONDS)
    assert door.ended == ["one"]
    door.wait(10 * AWAY_SECONDS)
    assert door.ended == ["one"]
    assert door.freed == 1


def test_whoever_stays_is_left_in_peace_however_long_they_do_nothing(door):
    door.come("one")
    door.wait(100 * AWAY_SECONDS)
    assert door.ended == []
    assert door.freed == 0


def test_a_connection_that_broke_for_a_minute_loses_nothing(door):
    door.come("one")
    for _ in range(5):
        door.here.clear()
        door.wait(60)
        door.here.add("one")
        door.wait(EVERY_SECONDS)
    assert door.ended == []


def test_a_page_that_was_closed_is_waited_for_no_longer_than_loading_it_anew_takes(door):
    door.come("one")
    door.here.clear()
    door.closed.add("one")
    door.wait(CLOSED_SECONDS - EVERY_SECONDS)
    assert door.ended == []
    door.wait(EVERY_SECONDS)
    assert door.ended == ["one"]
    assert CLOSED_SECONDS + 2 * EVERY_SECONDS < 60, "the About page says a minute"


def test_one_who_leaves_takes_nothing_from_the_others(door):
    door.come("one")
    door.come("two")
    door.here.discard("one")
    door.wait(2 * AWAY_SECONDS)
    assert door.ended == ["one"]


def test_one_who_comes_back_while_another_is_dropped_loses_nothing_and_is_still_looked_after(door):
    door.keeper.welcome("one", lambda: door.here.add("two"))
    door.come("two")
    door.here.clear()
    door.wait(AWAY_SECONDS)
    assert door.ended == []
    door.here.clear()
    door.wait(AWAY_SECONDS)
    assert door.ended == ["two"]


def test_outside_of_a_server_there_is_nobody_to_look_after():
    assert what_to_drop() is None


def test_it_ends_a_session_while_streamlit_still_finds_it():
    """Later it could not end it; and nobody can resume what was dropped too early."""
    found_for = MemorySessionStorage()._cache.ttl
    assert found_for > AWAY_SECONDS + 4 * EVERY_SECONDS
    assert found_for == 120, "the About page says two minutes"


@pytest.fixture
def place(tmp_path):
    """Where the server puts its temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def freed(tmp_path):
    """The file that tells that a case was freed."""
    return tmp_path / "freed"


@pytest.fixture
def opened(server_starter, browser, small_case_folder, place, freed):
    """A tab with a case open, of the only visitor of its server."""
    arguments = [str(small_case_folder), str(freed)]
    with server_starter(PAGE, arguments=arguments, env={"TMPDIR": str(place)}) as address:
        context = browser.new_context()
        context.add_init_script(KEEP_SOCKETS)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(address)
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_text("A case is open.")).to_be_visible(timeout=PATIENCE_MS)
        yield page
        context.close()


def exports_in(place):
    return list(place.glob("gliolens-export-*"))


@pytest.mark.browser
def test_a_connection_that_breaks_keeps_the_case_and_a_closed_tab_leaves_nothing(
    opened, place, freed
):
    opened.evaluate("window.sockets.forEach(socket => socket.close())")
    opened.wait_for_function("window.sockets.length > 1", timeout=RECONNECT_MS)
    opened.wait_for_timeout(8000)
    opened.get_by_role("button", name="Cancel").click()
    expect(opened.get_by_text("A case is open.")).to_be_visible()
    assert exports_in(place)
    assert not freed.exists(), "it is being looked at"
    opened.close()
    deadline = time.monotonic() + 30
    while not freed.exists() or exports_in(place):
        assert time.monotonic() < deadline, "what the visitor brought is still there"
        time.sleep(0.1)
