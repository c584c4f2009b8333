"""The error a person may see for what they gave; its text is shown as it stands."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_OPTION: Final = re.compile(r" \(--[^)]*\)")


class InputError(Exception):
    """Files that cannot be read as a case: names the file, what is wrong, what would be right."""


@contextmanager
def errors_of(place: str) -> Iterator[None]:
    """Have an ``InputError`` begin with the place it is about, such as one folder of many.

    Args:
        place: As it may be shown; empty where there is only one.
    """
    try:
        yield
    except InputError as error:
        if place:
            error.args = (f"{place}: {error}", *error.args[1:])
        raise


def without_options(sentence: str) -> str:
    """A sentence for a page: without the options of the command line, named in brackets."""
    return _OPTION.sub("", sentence)
