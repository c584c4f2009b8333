"""What the browser has let go of is sent to it again: by the rule alone, and over a slow line."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from workspace.streamlit_patches.known_messages import KnownMessages

APP = Path(__file__).with_name("known_messages_app.py")
# The pages take a second or two; in vain it would be waited for without end.
PATIENCE_MS = 30_000
OFTEN = re.compile(r"Asked ([5-9]|\d\d+) times")
MORE_OFTEN = re.compile(r"Asked [2-9]\d+ times")


def large(name="scan", part=""):
    message = ForwardMsg(hash=name)
    message.metadata.cacheable = True
    message.delta.fragment_id = part
    message.delta.new_element.text.body = name
    return message


def end_of_run(*parts, status=ForwardMsg.FINISHED_SUCCESSFULLY):
    message = ForwardMsg(script_finished=status)
    message.metadata.run.fragment_ids.extend(parts)
    return message


def is_named(known, message):
    """Whether the browser is sent its name alone."""
    return known.sent(message).WhichOneof("type") == "ref_hash"


@pytest.fixture
def known():
    known = KnownMessages()
    assert not is_named(known, large())
    return known


def test_what_was_sent_is_named_the_next_time(known):
    known.sent(end_of_run())
    sent = known.sent(large())
    assert (sent.ref_hash, sent.metadata.cacheable) == ("scan", False)


def test_what_no_run_has_shown_lately_is_sent_whole(known):
    for _ in range(3):
        known.sent(end_of_run())
    assert not is_named(known, large())


def test_what_a_run_shows_is_kept(known):
    for _ in range(5):
        known.sent(end_of_run())
        assert is_named(known, large())


def test_runs_of_a_part_let_go_only_of_what_is_in_it(known):
    known.sent(large("of a part", part="here"))
    for _ in range(5):
        known.sent(end_of_run("elsewhere"))
    assert is_named(known, large("of a part", part="here"))
    for _ in range(3):
        known.sent(end_of_run("here"))
    assert not is_named(known, large("of a part", part="here"))
    assert is_named(known, large())


def test_what_parts_have_let_pass_goes_with_the_next_run_of_the_page(known):
    for _ in range(2):
        known.sent(end_of_run("elsewhere"))
    known.sent(end_of_run())
    assert not is_named(known, large())


def test_a_run_that_was_stopped_lets_nothing_go(known):
    for _ in range(5):
        known.sent(end_of_run(status=ForwardMsg.FINISHED_EARLY_FOR_RERUN))
    assert is_named(known, large())


def test_who_comes_back_has_what_they_name_until_a_run_ends():
    known = KnownMessages()
    known.named(["scan", "another"])
    assert is_named(known, large())
    known.sent(end_of_run())
    assert is_named(known, large())
    assert not is_named(known, large("another"))
    known.named(["a third"])
    assert not is_named(known, large("a third"))


class SlowLine:
    """Between a page and its server; what the server sends can be held up."""

    def __init__(self, page):
        self.holds = False
        self.held = []
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, browser):
        self.browser = browser
        server = browser.connect_to_server()
        browser.on_message(server.send)
        server.on_message(lambda sent: self.held.append(sent) if self.holds else browser.send(sent))

    @property
    def holds_the_end_of_a_run(self):
        messages = map(ForwardMsg.FromString, self.held)
        return any(
            each.WhichOneof("type") == "script_finished" and not each.metadata.run.fragment_ids
            for each in messages
        )

    def go_on(self):
        for sent in self.held:
            self.browser.send(sent)
        self.holds = False


@pytest.mark.browser
def test_another_page_and_back_over_a_slow_line(server_starter, browser):
    with server_starter(APP) as address:
        page = browser.new_page()
        line = SlowLine(page)
        page.goto(address)
        expect(page.get_by_text(OFTEN)).to_be_visible(timeout=PATIENCE_MS)
        line.holds = True
        page.get_by_role("link", name="small").click()
        while not line.holds_the_end_of_a_run:
            page.wait_for_timeout(50)
        page.get_by_role("link", name="large").click()
        page.wait_for_timeout(200)  # until it was sent, with the names of what the browser keeps
        line.go_on()
        expect(page.get_by_text("The large page.")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text("what is large")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text(MORE_OFTEN)).to_be_visible(timeout=PATIENCE_MS)
        page.close()
