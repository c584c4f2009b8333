"""Which modules a Python file imports, read from its text."""

import ast
from collections.abc import Iterator
from pathlib import Path


def modules_imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, and every name from one, at its top or later."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        yield from _imported_by(node)


def python_files(place: Path) -> list[Path]:
    """A file, or every Python file below a folder."""
    return [place] if place.is_file() else sorted(place.rglob("*.py"))


def imported_when_loaded(file: Path) -> set[str]:
    """What of :func:`modules_imported` is imported with the file, not later and not for types."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {name for node in _run_when_loaded(tree.body) for name in _imported_by(node)}


def _run_when_loaded(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from _run_when_loaded(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            for part in ("body", "orelse", "finalbody"):
                yield from _run_when_loaded(getattr(node, part, []))


def _imported_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)


def module_name(file: Path, root: Path) -> str:
    """The name by which a file of the repository is imported."""
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
