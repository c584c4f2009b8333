"""New visitors in a browser that has fetched the app's scripts before, and knows nothing else."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from benchmarks.browser import PATIENCE_MS

DESK = {"width": 1440, "height": 900}
_POLICY: Final = "Content Security Policy"
# One for all pages of a context, as long as one of them is open.
ONE_PROCESS: Final = ("--process-per-site", "--renderer-process-limit=1")


def keep_process(context: BrowserContext, address: str) -> Page:
    """A page of the server that is left open: the next one finds its scripts compiled.

    A process of its own for each page takes half of what it costs to open one.
    """
    page = context.new_page()
    page.goto(f"{address}/_stcore/health")
    return page


class Visitors:
    """Those of one browser, one after the other or side by side.

    A context of its own for each would fetch and compile every script again: two seconds of a
    processor, five times the rest of what it takes to come.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[tuple[BrowserContext, Page]]] = defaultdict(list)

    @contextmanager
    def come(self, address: str, **options: object) -> Iterator[Page]:
        """A page of a visitor who has never been there, and of whom nothing is left at the end.

        Nothing of what it loads may be against the policy that the page has for that.

        Args:
            address: Of the server, against which paths are resolved.
            options: Of :meth:`playwright.sync_api.Browser.new_context`.
        """
        options = {"viewport": DESK, "base_url": address, **options}
        free = self._free[repr(sorted(options.items()))]
        context, kept = free.pop() if free else self._arrive(address, options)
        said: list[str] = []

        def listen(message: ConsoleMessage) -> None:
            said.append(message.text)

        context.on("console", listen)
        try:
            yield context.new_page()
            assert [text for text in said if _POLICY in text] == []
        finally:
            context.remove_listener("console", listen)
            _forget(context, kept, address)
            free.append((context, kept))

    def _arrive(self, address: str, options: dict) -> tuple[BrowserContext, Page]:
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        kept = keep_process(context, address)
        context.clear_cookies()
        return context, kept

    def close(self) -> None:
        for context, _ in chain.from_iterable(self._free.values()):
            context.close()


def _forget(context: BrowserContext, kept: Page, address: str) -> None:
    for page in context.pages:
        if page is not kept:
            page.close()
    context.unroute_all()
    tools = context.new_cdp_session(kept)
    # Cookies and whatever a page can store; not what was fetched.
    tools.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    tools.detach()
    context.clear_cookies()
