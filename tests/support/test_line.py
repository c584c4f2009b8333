"""The line keeps what goes over it, asks without compression, and can be slow or cut."""

import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.line import Line


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = b"got " + body + str(self.headers["Accept-Encoding"]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@contextmanager
def line():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Line(f"http://127.0.0.1:{server.server_port}").running() as running:
            yield running
    finally:
        server.shutdown()
        server.server_close()


def ask(running, body=b"something"):
    headers = {"Accept-Encoding": "gzip", "Connection": "close"}
    request = urllib.request.Request(running.address, body, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def test_what_goes_over_it_is_kept_and_nothing_is_compressed():
    with line() as running:
        assert ask(running) == b"got somethingNone"
        assert b"something" in running.sent
        assert b"got something" in running.received
        assert b"got something" in running.traffic


def test_it_is_broken_as_long_as_it_is_cut():
    with line() as running:
        running.cut()
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            ask(running)
        running.mend()
        assert ask(running) == b"got somethingNone"


def test_it_is_as_slow_as_it_is_told_to_be():
    with line() as running:
        running.bytes_per_second = 10_000
        start = time.monotonic()
        ask(running, bytes(3000))
        assert time.monotonic() - start > 0.3
