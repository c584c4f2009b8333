import re
import threading
import time

import pytest
import uvicorn
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute

from benchmarks.browser import free_port
from benchmarks.received import bytes_received
from tests.support.visitors import Visitors

pytestmark = pytest.mark.browser

FILE = b"x" * 70_000
PAGE = """<script>
    const socket = new WebSocket(`ws://${location.host}/socket`)
    const kind = data => typeof data == "string" ? "text" : "bytes"
    socket.onmessage = ({ data }) => { document.title += kind(data) }
    fetch("/file").then(answer => answer.arrayBuffer()).then(() => { document.title += "file" })
</script>"""


@pytest.fixture
def address():
    """A server of one page, one file and one socket."""

    async def talk(socket):
        await socket.accept()
        await socket.send_text("ä" * 1000)
        await socket.send_bytes(bytes(3000))
        await socket.receive()

    routes = [
        Route("/", lambda request: HTMLResponse(PAGE)),
        Route("/file", lambda request: Response(FILE)),
        WebSocketRoute("/socket", talk),
    ]
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def test_files_and_messages_are_counted(browser, address):
    visitors = Visitors(browser)
    with visitors.come(address) as page, bytes_received(page) as received:
        assert received() == 0
        page.goto("/")
        for part in ("file", "text", "bytes"):
            expect(page).to_have_title(re.compile(part))
        known = len(PAGE) + len(FILE) + 2000 + 3000
        assert known <= received() <= known + 2000  # what HTTP frames it with
    visitors.close()
