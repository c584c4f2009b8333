"""The app under test in a real browser, and the bare component on a page without a server."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.visitors import keep_process
from tests.viewer.bench import ADDRESS, mount
from tests.viewer.compare_case import LARGEST, case_panels, place_of
from tests.viewer.screen import expect_slice, wait_until_ready, watch_traffic

APP = Path(__file__).parent / "compare_app.py"
# As the app under test gives it to the component.
CASE = {"panels": case_panels(finished=False), "affine": None, "place": place_of(other=False)}


@pytest.fixture(scope="package")
def address(server_starter):
    with server_starter(APP) as address:
        yield address


@pytest.fixture(scope="package")
def contexts(browser):
    """One context for each kind of screen, so that a page's scripts are compiled once."""
    opened = {}

    def context_for(address, **options):
        kind = repr(options)
        if kind not in opened:
            opened[kind] = browser.new_context(**options)
            opened[kind].set_default_timeout(30_000)
            keep_process(opened[kind], address)
        return opened[kind]

    yield context_for
    for context in opened.values():
        context.close()


@pytest.fixture
def open_page(contexts, address):
    """Open the app in a new tab and wait for the scan; close all tabs at the end."""
    pages = []

    def open_tab(*, width=1440, height=900, **options):
        context = contexts(address, viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        pages.append(page)
        page.traffic = watch_traffic(page)
        page.goto(address)
        wait_until_ready(page)
        expect_slice(page, LARGEST + 1)
        return page

    yield open_tab
    for page in pages:
        page.close()


@pytest.fixture
def page(open_page):
    return open_page()


@contextmanager
def empty_pages(browser, **options):
    """A context in which every address is an empty page, and nothing leaves the browser."""
    context = browser.new_context(base_url=ADDRESS, **options)
    context.set_default_timeout(30_000)
    # A phone would else take a page to be made for a desk, and scale it down.
    screen = "<meta name=viewport content='width=device-width'>"
    blank = f"<!doctype html>{screen}<body style='margin:0;background:#000'><main></main>"
    context.route("**/*", lambda route: route.fulfill(body=blank, content_type="text/html"))
    keep_process(context, ADDRESS)
    yield context
    context.close()


@pytest.fixture(scope="package")
def serverless(browser):
    """:func:`empty_pages` at a desk."""
    with empty_pages(browser, viewport={"width": 1440, "height": 900}) as context:
        yield context


@pytest.fixture(scope="package")
def serverless_phone(browser):
    """:func:`empty_pages` on a phone."""
    size = {"width": 390, "height": 844}
    with empty_pages(browser, viewport=size, has_touch=True, is_mobile=True) as context:
        yield context


@contextmanager
def opening_benches(context):
    """Opens the component on its own, at an address, with these panels or those of the bench."""
    pages = []

    def open_bench(search="", **case):
        page = context.new_page()
        pages.append(page)
        page.requests = []
        page.goto(f"/compare{search}")
        page.on("request", lambda request: page.requests.append(request.url))
        mount(page, **case)
        return page

    yield open_bench
    for page in pages:
        requests = [url for url in page.requests if not url.startswith("blob:")]
        page.close()
        assert requests == [], "the view must not ask anyone for anything"


@pytest.fixture
def bench(serverless):
    """:func:`opening_benches` at a desk."""
    with opening_benches(serverless) as open_bench:
        yield open_bench


@pytest.fixture
def alone(bench):
    """The case of the app under test without an app, for what needs no server."""
    return bench(**CASE)


@pytest.fixture
def alone_on_phone(serverless_phone):
    """The same on a phone."""
    with opening_benches(serverless_phone) as open_bench:
        yield open_bench(**CASE)
