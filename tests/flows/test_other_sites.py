"""What another site may not do with this one, and this one not with another, in effect."""

import http.server
import threading
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from benchmarks.browser import PATIENCE_MS
from tests.support.run_async import run_async

pytestmark = pytest.mark.browser

ELSEWHERE = "http://elsewhere.example"
FIELD = 'Content-Disposition: form-data; name="file"; filename="a_t1.nii"'
FORM = f"--x\r\n{FIELD}\r\n\r\nabc\r\n--x--\r\n".encode()
MADE_UP = {"Cookie": "_streamlit_xsrf=made-up", "X-Xsrftoken": "made-up"}
MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
# The name of no session; the same in every process that collects these tests.
NOBODY = "00000000-0000-4000-8000-000000000000"


def answer(address, path, method="GET", data=None, **headers):
    """The number of the answer, and what the browser is told that others may do."""
    request = urllib.request.Request(f"{address}{path}", method=method, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as found:
            return found.status, found.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("cookie", [{}, MADE_UP], ids=["none", "made up"])
def test_an_upload_without_the_visitors_token_is_refused(address, method, cookie):
    place = f"/_stcore/upload_file/{uuid.uuid4()}/{uuid.uuid4()}"
    status, _ = answer(address, place, method, FORM, **MULTIPART, **cookie)
    assert status == 403


@pytest.mark.parametrize("path", ["/_stcore/health", f"/_stcore/upload_file/{NOBODY}/a", "/"])
def test_what_the_server_says_another_site_may_not_read(address, path):
    asked = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "PUT"}
    for method in ("GET", "OPTIONS"):
        _, headers = answer(address, path, method, **asked)
        assert headers.get("Access-Control-Allow-Origin") not in ("*", ELSEWHERE)


@pytest.mark.parametrize(("origin", "taken"), [(ELSEWHERE, False), (None, True)])
def test_another_site_opens_no_line_to_the_app(address, origin, taken):
    async def opened() -> bool:
        line = address.replace("http", "ws") + "/_stcore/stream"
        try:
            async with connect(line, origin=origin or address, subprotocols=["streamlit"]):
                return True
        except InvalidStatus as error:
            return error.response.status_code != 403

    assert run_async(opened()) == taken


@pytest.mark.parametrize("way", ["interact", "mcp"])
def test_programs_have_no_way_in_of_their_own(address, way):
    json = {"Content-Type": "application/json"}
    status, _ = answer(address, f"/_stcore/agent/{way}", "POST", b"{}", **json)
    assert status in (400, 403)


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, list[str]]]:
    """Another server, which lets everybody have its script, and what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Type", "text/javascript")
            self.end_headers()
            self.wfile.write(b"window.owned = true")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


TRIES = """async (place) => {
    const made = (tag, fields) => document.body.append(
        Object.assign(document.createElement(tag), fields));
    made("script", {src: `${place}/script`});
    made("img", {src: `${place}/picture`});
    made("iframe", {src: `${place}/frame`});
    made("link", {rel: "stylesheet", href: `${place}/style`});
    navigator.sendBeacon(`${place}/beacon`, "x");
    const fetched = await fetch(`${place}/fetch`).then(() => true, () => false);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return {fetched, owned: window.owned ?? false};
}"""


def test_a_page_loads_nothing_from_elsewhere_whatever_is_in_it(browser, address, elsewhere):
    """As if markup of a stranger had come into a page after all."""
    place, asked = elsewhere
    # Where the system is light, the page is loaded once more for its theme.
    context = browser.new_context(base_url=address, color_scheme="dark")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/about")
    page.locator("meta[http-equiv=Content-Security-Policy]").wait_for(state="attached")
    assert page.evaluate(TRIES, place) == {"fetched": False, "owned": False}
    assert asked == []
    context.close()


def test_the_search_would_find_what_is_loaded(browser, address, elsewhere):
    """The same on a page of this server that has no policy."""
    place, asked = elsewhere
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/_stcore/health")
    assert page.evaluate(TRIES, place) == {"fetched": True, "owned": True}
    assert {"/script", "/fetch", "/picture"} <= set(asked)
    context.close()
