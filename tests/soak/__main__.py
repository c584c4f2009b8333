"""Writes ``docs/faults.md``: ``python -m tests.soak``."""

from tests.soak.page import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
