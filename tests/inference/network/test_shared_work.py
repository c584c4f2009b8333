"""Pieces that several threads do: each once, one kind to one thread, and an end when one fails."""

import threading
import time

import pytest

from common import threads
from inference.network.shared_work import share_out

KINDS = ["large"] * 6 + ["small"] * 3 + ["one"]


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_every_piece_is_done_once(workers):
    done, told = [], []
    share_out(KINDS, done.append, workers=workers, on_done=told.append)
    assert sorted(done) == list(range(len(KINDS)))
    assert told == list(range(1, len(KINDS) + 1))


def test_alone_they_are_done_in_their_order_by_whoever_asks_for_them():
    order, where = [], set()

    def work(piece):
        order.append(piece)
        where.add(threading.get_ident())

    share_out(["a", "b", "a", "b", "b"], work, workers=1, on_done=lambda done: None)
    assert order == [0, 1, 2, 3, 4]
    assert where == {threading.get_ident()}


def test_two_begin_with_different_kinds_and_help_each_other_at_the_end():
    meeting, by = threading.Barrier(2), {}

    def work(piece):
        if len(by) < 2:
            by[piece] = threading.get_ident()
            meeting.wait(timeout=20)
        else:
            by[piece] = threading.get_ident()
            time.sleep(0.01)

    share_out(["a"] * 8 + ["b"], work, workers=2, on_done=lambda done: None)
    assert by[0] != by[8], "both have begun with the same kind"
    assert len({by[piece] for piece in range(8)}) == 2, "one has done all of the larger kind"


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_piece_raises_ends_all(workers):
    begun = []

    def work(piece):
        begun.append(piece)
        if piece == 1:
            raise OSError("no more memory")
        time.sleep(0.01)

    with pytest.raises(OSError, match="no more memory"):
        share_out(["a"] * 200, work, workers=workers, on_done=lambda done: None)
    assert len(begun) < 100


@pytest.mark.parametrize("workers", [1, 2])
def test_whoever_is_told_of_the_progress_can_stop_it(workers):
    begun = []

    def work(piece):
        begun.append(piece)
        time.sleep(0.01)

    def stop(done):
        if done == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        share_out(["a"] * 200, work, workers=workers, on_done=stop)
    after = len(begun)
    time.sleep(0.05)
    assert len(begun) == after < 100, "a thread goes on"


def test_a_thread_that_cannot_begin_is_no_end_of_waiting(monkeypatch):
    """With the memory used up the second of them ends before its first line."""
    begun, start = [], threading._start_new_thread

    def once(*arguments):
        begun.append(arguments)
        return start(*arguments) if len(begun) == 1 else None

    monkeypatch.setattr(threads, "_PATIENCE_S", 0.1)
    monkeypatch.setattr(threading, "_start_new_thread", once)
    with pytest.raises(MemoryError):
        share_out(["a"] * 200, lambda _: time.sleep(0.01), workers=2, on_done=lambda done: None)
    assert len(begun) == 2
