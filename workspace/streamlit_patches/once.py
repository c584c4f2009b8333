"""A patch is laid on Streamlit once, whichever visitor's page comes first."""

import threading
from collections.abc import Callable
from functools import wraps


def once(lay: Callable[[], None]) -> Callable[[], None]:
    """Have a function that changes Streamlit's classes do so the first time it is called only."""
    lock = threading.Lock()
    begun: list[bool] = []

    @wraps(lay)
    def lay_once() -> None:
        with lock:
            if not begun:
                begun.append(True)
                lay()

    return lay_once
