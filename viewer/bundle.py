"""Joins the browser's ES modules into the one script a component may have.

Streamlit imports a component's script from a blob URL, and from there a relative import leads
nowhere. The files stay real modules, for editors and tools; here the import lines go and every
module stands once, after those it imports.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

BROWSER: Final = Path(__file__).parent / "browser"

_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w./-]+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def bundle(entry: str, *, folder: Path = BROWSER) -> str:
    """Return ``folder/entry`` and all it imports as one script with at most one default export."""
    parts: dict[Path, str] = {}
    _collect((folder / entry).resolve(), parts)
    return "\n".join(parts.values())


def _collect(file: Path, parts: dict[Path, str]) -> None:
    if file in parts:
        return
    source = file.read_text(encoding="utf-8")
    for dependency in _IMPORT.findall(source):
        _collect((file.parent / dependency).resolve(), parts)
    parts[file] = _EXPORT.sub("", _IMPORT.sub("", source))
