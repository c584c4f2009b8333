"""All open cases together take no more than there is for them; what is looked at stays."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st

from workspace import held_cases as module
from workspace import open_case
from workspace.events import totals
from workspace.held_cases import LOOKED_AT_SECONDS, HeldCase, HeldCases, NoRoomError, WayBack
from workspace.images_on_disk import array_on_disk, nameless_bytes
from workspace.memory_budget import held_bytes
from workspace.open_case import case_let_go, current_case, keep_of_case, made_of_case, remember

LARGE = 300_000
MOST = 1_000_000


@pytest.fixture
def clock(monkeypatch):
    """The time, which goes on when it is told to."""

    class Clock:
        now = 1000.0

        def monotonic(self):
            return self.now

        def later(self, seconds=2.0 * LOOKED_AT_SECONDS):
            self.now += seconds

    monkeypatch.setattr(module, "time", Clock())
    return module.time


@pytest.fixture
def server(monkeypatch):
    """For open cases it has a megabyte, and files on a disk."""
    monkeypatch.setattr(module, "files_take_memory", lambda: False)
    held = HeldCases(most_bytes=lambda: MOST)
    monkeypatch.setattr(open_case, "held_cases", held)
    return held


@pytest.fixture
def become(monkeypatch):
    """Become one visitor or another, each with a session of their own."""
    sessions = {}
    return lambda who: monkeypatch.setattr(st, "session_state", sessions.setdefault(who, {}))


@pytest.fixture
def case(opened):
    """Another case each time, of which the scan alone takes memory, as where the disk is full."""
    bare = replace(opened, prepared=None, case=replace(opened.case, truth=None))

    def made(number=0, size=LARGE):
        return replace(bare, packed_scan=np.zeros(size, np.uint8), key=f"case {number}")

    return made


def letting_go():
    return totals()["let_go", ""].number if ("let_go", "") in totals() else 0


def taken(server):
    return sum(held.bytes() for held in server._others())


def test_whoever_was_not_there_for_the_longest_makes_room(server, clock, become, case):
    before = letting_go()
    for who in range(20):
        become(who)
        remember(case(who))
        assert taken(server) <= MOST
        clock.later()
    there = []
    for who in range(20):
        become(who)
        there.append(current_case() is not None)
        assert (case_let_go() is None) is there[-1]
    assert there == [False] * 17 + [True] * 3
    assert letting_go() - before == 17


def test_what_makes_room_takes_no_memory_any_more(server, clock, become, case):
    become("first")
    gone = weakref.ref(remember(case()).packed_scan)
    keep_of_case("greys", np.zeros(10))
    clock.later()
    for who in range(3):
        become(who)
        remember(case(who + 1))
    gc.collect()
    assert gone() is None  # without the first one's coming back
    become("first")
    assert made_of_case("greys") is None


def test_nobody_loses_what_he_looks_at(server, clock, become, case):
    for who in range(3):
        become(who)
        remember(case(who))
    clock.later()
    for who in (0, 2):
        become(who)
        current_case()
    for who in (3, 4):
        become(who)
        if who == 3:
            remember(case(who))
        else:
            with pytest.raises(NoRoomError, match="try again in some minutes"):
                remember(case(who))
            assert current_case() is None
    for who, there in ((0, True), (1, False), (2, True), (3, True)):
        become(who)
        assert (current_case() is not None) is there


def test_where_there_is_no_room_the_case_before_stays_open(server, clock, become, case):
    for who in range(3):
        become(who)
        before = remember(case(who))
    with pytest.raises(NoRoomError):
        remember(case(5, size=2 * LARGE))
    assert current_case() is before
    assert remember(case(6)) is current_case()  # it takes the place of its own


def test_one_is_opened_however_large_it_is_where_others_have_little(server, become, case):
    become("one with a picture")
    remember(case(1, size=MOST // 20))
    become("one with more than there is for all")
    remember(case(2, size=2 * MOST))
    assert current_case() is not None


def test_what_is_made_of_a_case_makes_others_make_room_too(server, clock, become, case):
    become("first")
    remember(case(1))
    clock.later()
    become("second")
    remember(case(2))
    keep_of_case("greys", np.zeros(LARGE, np.uint8))
    become("first")
    assert case_let_go() is None
    clock.later()
    become("second")
    keep_of_case("greys", np.zeros(2 * LARGE, np.uint8))
    assert made_of_case("greys") is not None
    become("first")
    assert case_let_go() is not None


def test_what_lies_in_files_counts_where_these_lie_in_memory(
    server, clock, become, case, monkeypatch
):
    before = nameless_bytes()
    monkeypatch.setattr(module, "nameless_bytes", lambda: nameless_bytes() - before)
    monkeypatch.setattr(module, "folder_bytes", lambda: 50_000)  # dropped, by whomever

    def open_in_a_file(who):
        become(who)
        voxels = np.zeros(LARGE, np.uint8)
        remember(replace(case(who, size=1), packed_scan=array_on_disk(voxels)))
        clock.later()

    def there(who):
        become(who)
        return case_let_go() is None

    for who in range(5):
        open_in_a_file(who)
    assert all(map(there, range(5)))
    monkeypatch.setattr(module, "files_take_memory", lambda: True)
    open_in_a_file(5)  # 1.85 MB: three have to go
    assert list(map(there, range(6))) == [False] * 3 + [True] * 3


def test_the_sample_is_all_visitors_and_makes_no_room(server, clock, become, case):
    for who in range(10):
        become(who)
        remember(replace(case(1), is_sample=True))
        clock.later()
    assert len(server) == 0
    become(0)
    assert current_case() is not None


def test_whoever_leaves_takes_no_room(server, become, case):
    become("one who leaves")
    remember(case())
    assert len(server) == 1
    st.session_state.clear()
    gc.collect()
    assert len(server) == 0


def test_a_way_back_has_what_else_holds_it_let_go_of(clock):
    done = []
    held = HeldCase("a case", way_back=WayBack("a page", lambda: True, lambda: done.append(1)))
    held.make_room()
    assert held.is_empty
    assert held.look() is None
    assert done == [1]
    held.keep("greys", "of it")
    assert held.made("greys") is None


def test_of_an_open_case_next_to_nothing_is_in_memory(opened):
    """Only headers: a voxel of it would be 100 kB of this small one."""
    assert held_bytes(opened) < 10_000
    assert held_bytes(opened, in_files=True) > 1_000_000
