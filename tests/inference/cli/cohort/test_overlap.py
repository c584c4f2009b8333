"""The three steps of a case go on side by side, with few cases in memory."""

import threading

import pytest

from inference.cli.cohort.overlap import overlapped

PATIENCE = 10


def test_every_item_is_written_once_and_in_order():
    written = []
    overlapped(
        range(5), lambda n: n * 10, lambda n, found: n + found, lambda n, w: written.append(w)
    )
    assert written == [0, 11, 22, 33, 44]


def test_nothing_is_done_of_nothing():
    overlapped([], None, None, None)


def test_the_next_is_read_and_the_last_written_while_one_is_worked_on():
    reads = {n: threading.Event() for n in range(3)}
    begun, may_end = threading.Event(), threading.Event()

    def work(item, found):
        if item == 1:  # both others are at it at this moment
            assert reads[2].wait(PATIENCE)
            assert begun.wait(PATIENCE)
            may_end.set()

    def write(item, worked):
        if item == 0:
            begun.set()
            assert may_end.wait(PATIENCE)

    overlapped(range(3), lambda n: reads[n].set(), work, write)


def test_no_more_than_one_is_ahead_and_one_behind():
    alive, most = set(), []
    lock = threading.Lock()

    def read(item):
        with lock:
            alive.add(item)
            most.append(len(alive))

    def write(item, worked):
        with lock:
            alive.discard(item)

    overlapped(range(20), read, lambda n, found: None, write)
    assert max(most) <= 3


@pytest.mark.parametrize("step", ["read", "work", "write"])
def test_an_error_ends_it_when_what_was_being_written_is(step):
    written = []

    def fails(name):
        def at_the_third(item, *_):
            if name == step and item == 2:
                raise RuntimeError(name)
            if name == "write":
                written.append(item)

        return at_the_third

    with pytest.raises(RuntimeError, match=step):
        overlapped(range(9), fails("read"), fails("work"), fails("write"))
    assert written == [0, 1]
