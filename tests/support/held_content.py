"""What a page of a test holds, seen from outside of it."""

import weakref
from typing import Final


class Content:
    """Stands for a file: it can be asked whether it is still there."""


HELD: Final[list["weakref.ref[Content]"]] = []


def new_content() -> Content:
    """One that ``HELD`` knows of."""
    content = Content()
    HELD.append(weakref.ref(content))
    return content
