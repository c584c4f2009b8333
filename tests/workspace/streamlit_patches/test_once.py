"""Whose page comes first changes Streamlit, and nobody after it."""

import threading

from workspace.streamlit_patches.once import once


def test_it_is_laid_on_once_by_however_many_pages():
    laid, all_there = [], threading.Barrier(4)
    lay = once(lambda: laid.append(threading.get_ident()))

    def page():
        all_there.wait(timeout=20)
        lay()

    pages = [threading.Thread(target=page) for _ in range(4)]
    for each in pages:
        each.start()
    for each in pages:
        each.join(timeout=20)
    assert len(laid) == 1


def test_each_has_its_own():
    laid = []
    for name in "ab":
        once(lambda name=name: laid.append(name))()
    assert laid == ["a", "b"]
