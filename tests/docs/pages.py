"""The pages of the documentation as text."""

import json
import re

from tests.conftest import ROOT

DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")),
    *DOCS,
]
_HEADING = re.compile(r"^(#+) +(.+)$", re.MULTILINE)


def text_of(name: str) -> str:
    """A page by its path without the ending, such as ``README`` or ``docs/speed``."""
    return (ROOT / f"{name}.md").read_text(encoding="utf-8")


def words_of(name: str, heading: str | None = None) -> str:
    """A page, or what stands under one heading of it, with single spaces between the words.

    Raises:
        ValueError: where there is no such heading.
    """
    text = text_of(name)
    return " ".join((_section(text, heading) if heading else text).split())


def _section(text: str, heading: str) -> str:
    found = list(_HEADING.finditer(text))
    number = [match[2] for match in found].index(heading)
    level = len(found[number][1])
    ends = [match.start() for match in found[number + 1 :] if len(match[1]) <= level]
    return text[found[number].end() : min(ends, default=len(text))]


def headings_of(text: str) -> list[str]:
    """The headings of a page, outside of code."""
    return [match[2] for match in _HEADING.finditer(text)]


def results_of(name: str) -> dict:
    """A file of ``assets/results``."""
    return json.loads((ROOT / "assets" / "results" / f"{name}.json").read_text(encoding="utf-8"))
