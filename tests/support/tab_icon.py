"""The icon of a tab, which the tests in a browser do not count as a file of the page."""

from playwright.sync_api import Page


def is_tab_icon(page: Page, url: str) -> bool:
    """Whether this is the icon of the tab, which Chromium looks at again at every new address."""
    icons = page.locator("link[rel~=icon]").evaluate_all("links => links.map(link => link.href)")
    return url in icons
