"""The presses of a visitor that are still to be acted on."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.pages_manager import PagesManager

_NAME: Final = "gliolens_presses"
# What a button leaves of itself in the state of a page; every other widget keeps its value.
_KINDS: Final = (
    "trigger_value",
    "string_trigger_value",
    "chat_input_value",
    "json_trigger_value",
)


@dataclass
class Presses:
    """Of one visitor; by what was pressed.

    Args:
        waiting: Those that no run has begun with.
        unseen: Those whose callbacks were called, and that no run has drawn the button of since.
        lock: Held by whoever looks at one of them to change it.
    """

    waiting: dict[str, WidgetState] = field(default_factory=dict)
    unseen: dict[str, WidgetState] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def presses_of(pages: PagesManager) -> Presses:
    """Those of the visitor whose pages these are: session, runner and run have them alike."""
    return vars(pages).setdefault(_NAME, Presses())


def was_pressed(widget: WidgetState) -> bool:
    """Whether this is the state of a button that was pressed just now."""
    kind = widget.WhichOneof("value")
    if kind not in _KINDS:
        return False
    value: Any = getattr(widget, kind)
    return bool(value.ListFields()) if hasattr(value, "ListFields") else bool(value)


def pressed_in(widgets: Iterable[WidgetState]) -> list[WidgetState]:
    """Those of them that were pressed."""
    return list(filter(was_pressed, widgets))
