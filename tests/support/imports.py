"""Which modules a Python file imports, read from its text."""

import ast
from collections.abc import Iterator
from pathlib import Path


def modules_imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, and every name from one, at its top or later."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def python_files(place: Path) -> list[Path]:
    """A file, or every Python file below a folder."""
    return [place] if place.is_file() else sorted(place.rglob("*.py"))
