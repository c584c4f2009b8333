"""A thread begins, or it is told that it cannot: nobody waits for it for ever."""

import threading

import pytest

from common import threads
from common.threads import begin


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
