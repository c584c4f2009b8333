"""Which rooms a module imports, read from its text."""

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


def rooms_imported(package: Path, files: str = "*.py") -> set[str]:
    """The subpackages of a package at the top that some of its files import."""
    names = {name for file in package.glob(files) for name in modules_imported(file)}
    inside = {name.split(".")[1] for name in names if name.startswith(f"{package.name}.")}
    return {name for name in inside if (package / name).is_dir()}
