"""Visitors without a browser get whole pages from the app."""

from benchmarks.browser import free_port
from tests.support.onlooker import onlookers


def test_several_at_once_see_each_page(address):
    with onlookers(address, 3, ("", "about")) as looks:
        pass
    assert looks.failed == []
    assert len(looks.seconds) == 6
    assert 0 < looks.spread["median"] <= looks.spread["max"]
    assert b"Use your own files" in looks.received
    assert b"Not a medical device" in looks.received


def test_a_server_that_is_not_there_is_no_look():
    with onlookers(f"http://127.0.0.1:{free_port()}", 1, ("",)) as looks:
        pass
    assert len(looks.failed) == 1
