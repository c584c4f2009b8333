"""The visitors of the tests know nothing of each other, but fetch no script twice."""

import http.server
import threading

import pytest

from tests.support.visitors import Visitors

pytestmark = pytest.mark.browser

STORE = """async () => {
    document.cookie = "who=first; path=/"
    localStorage.setItem("who", "first")
    sessionStorage.setItem("who", "first")
    await new Promise(done => { indexedDB.open("who").onsuccess = done })
    await caches.open("who")
}"""
FOUND = """async () => [
    document.cookie, localStorage.length, sessionStorage.length,
    (await indexedDB.databases()).length, (await caches.keys()).length,
]"""


ASKED = []


class _Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        ASKED.append(self.path)
        script = self.path == "/script.js"
        body = b"window.fetched = true" if script else b"<script src=/script.js></script>"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Cache-Control", "immutable, max-age=3600" if script else "no-cache")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_nothing_is_left_but_what_was_fetched(browser, address):
    visitors = Visitors(browser)
    with visitors.come(address) as first:
        first.goto("/")
        first.evaluate(STORE)
        assert first.evaluate(FOUND) == ["who=first", 1, 1, 1, 1]
        with visitors.come(address) as beside:
            beside.goto("/")
            assert beside.evaluate(FOUND) == ["", 0, 0, 0, 0]
        assert first.evaluate(FOUND) == ["who=first", 1, 1, 1, 1]
    with visitors.come(address) as second, visitors.come(address) as third:
        for page in (second, third):
            page.goto("/")
            assert page.evaluate(FOUND) == ["", 0, 0, 0, 0]
    visitors.close()
    assert ASKED.count("/script.js") == 2, "once a context, not once a visitor"
