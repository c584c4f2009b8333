"""A thread begins, or it is told that it cannot: nobody waits for it for ever."""

import os
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest

from common import threads
from common.threads import ThreadPool, begin
from tests.conftest import ROOT


def test_a_thread_that_can_begin_does():
    done = []
    thread = threading.Thread(target=done.append, args=[1])
    begin(thread)
    thread.join(timeout=20)
    assert done == [1]


def test_one_that_ends_before_its_first_line_is_told(monkeypatch):
    """As Python does where there is no memory: the thread is made, and nothing of it runs."""
    monkeypatch.setattr(threads, "_PATIENCE_S", 0.1)
    monkeypatch.setattr(threading, "_start_new_thread", lambda *_: None)
    with pytest.raises(MemoryError, match="could not begin"):
        begin(threading.Thread(target=print))


@pytest.fixture
def begins(monkeypatch):
    """Says how many threads begin before memory is used up."""

    def after(number: int) -> None:
        really = threading._start_new_thread
        left = iter([really] * number)
        monkeypatch.setattr(threads, "_PATIENCE_S", 0.1)
        monkeypatch.setattr(
            threading, "_start_new_thread", lambda *given: next(left, lambda *_: None)(*given)
        )

    return after


def test_a_pool_does_as_much_at_once_as_it_may():
    both = threading.Barrier(2)
    with ThreadPool(2) as pool:
        assert sorted(pool.map(lambda _: both.wait(timeout=20), range(4))) == [0, 0, 1, 1]


def test_what_work_raises_is_raised_where_it_is_asked_for():
    with ThreadPool(1) as pool:
        failed, done = pool.submit(int, "x"), pool.submit(int, "7")
        assert done.result(timeout=20) == 7
        with pytest.raises(ValueError, match="'x'"):
            failed.result(timeout=20)


def test_a_pool_is_left_when_all_is_done():
    done = []
    with ThreadPool(1) as pool:
        for number in range(3):
            pool.submit(done.append, number)
    assert done == [0, 1, 2]
    assert not [each for each in threading.enumerate() if each.name == "pool"]


def test_what_has_not_begun_can_be_cancelled():
    going_on, begun = threading.Event(), threading.Event()
    pool = ThreadPool(1)
    first = pool.submit(lambda: (begun.set(), going_on.wait(timeout=20)))
    second = pool.submit(int)
    assert begun.wait(timeout=20)
    pool.shutdown(wait=False, cancel_futures=True)
    going_on.set()
    assert first.result(timeout=20) == (None, True)
    assert second.cancelled()


def test_a_pool_without_a_thread_says_so(begins):
    begins(0)
    with pytest.raises(MemoryError, match="could not begin"), ThreadPool(2) as pool:
        pool.submit(int)


def test_with_a_thread_less_all_is_done(begins):
    begins(1)
    with ThreadPool(4) as pool:
        assert list(pool.map(int, "123")) == [1, 2, 3]


def test_what_was_given_to_work_is_let_go_of():
    class Volume:
        pass

    volume = Volume()
    gone = weakref.ref(volume)
    with ThreadPool(1) as pool:
        pool.submit(id, volume).result()
        del volume
        pool.submit(int).result()
        assert gone() is None


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="Linux says which threads it has")
def test_a_command_that_refuses_a_file_has_one_thread():
    """Those of OpenBLAS, made as it is imported, would have it interrupted where they cannot be."""
    code = (
        "import os, time; from inference.__main__ import main; main(['nowhere']); end = 100\n"
        # What has ended may be there for a moment more.
        "while (left := len(os.listdir('/proc/self/task'))) > 1 and (end := end - 1):\n"
        "    time.sleep(0.02)\n"
        "print(left)"
    )
    without = {name: value for name, value in os.environ.items() if "_NUM_THREADS" not in name}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=without, capture_output=True, text=True
    )
    assert done.stdout == "1\n", done.stderr
