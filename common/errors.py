"""The error a person may see for what they gave; its text is shown as it stands."""

import re
from typing import Final

_OPTION: Final = re.compile(r" \(--[^)]*\)")


class InputError(Exception):
    """Files that cannot be read as a case: names the file, what is wrong, what would be right."""


def without_options(sentence: str) -> str:
    """A sentence for a page: without the options of the command line, named in brackets."""
    return _OPTION.sub("", sentence)
