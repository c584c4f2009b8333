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

_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?!default)", re.MULTILINE)


@cache
def bundle(entry: str) -> str:
    """Return ``browser/entry`` and all it imports as one script with one default export."""
    parts: dict[str, str] = {}
    _collect(entry, parts)
    return "\n".join(parts.values())


def _collect(name: str, parts: dict[str, str]) -> None:
    if name in parts:
        return
    source = (BROWSER / name).read_text(encoding="utf-8")
    for dependency in _IMPORT.findall(source):
        _collect(dependency, parts)
    parts[name] = _EXPORT.sub("", _IMPORT.sub("", source))
