"""What the documentation points to is there."""

import re

import pytest

from tests.conftest import ROOT
from tests.docs.pages import DOCS, PAGES, headings_of, text_of

MOST_LINES = 200
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# A path in code: a folder of the repository and what is below it, without NAME or a wildcard.
_PATH = re.compile(r"`([\w.-]+/[a-z0-9_./-]*|[a-z_]+\.(?:py|toml|txt|md))`")


def _ids(pages):
    return [page.relative_to(ROOT).as_posix() for page in pages]


def _anchor(heading):
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=_ids(PAGES))
def test_relative_links_resolve(page):
    links = [link for link in _LINK.findall(page.read_text()) if not link.startswith("http")]
    for link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor:
            assert anchor in map(_anchor, headings_of(target.read_text())), f"{link}: no heading"


@pytest.mark.parametrize("page", PAGES, ids=_ids(PAGES))
def test_paths_in_code_are_there(page):
    top = {each.name for each in ROOT.iterdir()}
    named = [path for path in _PATH.findall(page.read_text()) if path.split("/")[0] in top]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_readme_leads_to_every_page():
    linked = {link.partition("#")[0] for link in _LINK.findall(text_of("README"))}
    assert {page.relative_to(ROOT).as_posix() for page in DOCS} <= linked


def test_the_readme_is_short():
    assert len(text_of("README").splitlines()) < MOST_LINES


def test_the_readme_says_what_it_is_not():
    assert "**Not a medical device.**" in text_of("README")
