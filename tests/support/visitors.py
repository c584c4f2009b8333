"""New visitors in a browser that has fetched the app's scripts before, and knows nothing else."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.browser import PATIENCE_MS

DESK = {"width": 1440, "height": 900}


class Visitors:
    """Those of one browser, one after the other or side by side.

    A context of its own for each would fetch and compile every script again: two seconds of a
    processor, five times the rest of what it takes to come.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = defaultdict(list)

    @contextmanager
    def come(self, address: str, **options: object) -> Iterator[Page]:
        """A page of a visitor who has never been there, and of whom nothing is left at the end.

        Args:
            address: Of the server, against which paths are resolved.
            options: Of :meth:`playwright.sync_api.Browser.new_context`.
        """
        options = {"viewport": DESK, "base_url": address, **options}
        free = self._free[repr(sorted(options.items()))]
        context = free.pop() if free else self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        try:
            yield context.new_page()
        finally:
            _forget(context, address)
            free.append(context)

    def close(self) -> None:
        for context in chain.from_iterable(self._free.values()):
            context.close()


def _forget(context: BrowserContext, address: str) -> None:
    for page in context.pages:
        page.close()
    context.unroute_all()
    blank = context.new_page()
    tools = context.new_cdp_session(blank)
    # Cookies and whatever a page can store; not what was fetched.
    tools.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    context.clear_cookies()
    blank.close()
