"""What turns all scenes of a page together: a script for the hand, buttons for the keyboard."""

import html
import json
from pathlib import Path
from typing import Final

from scene.figure import CAMERA

_SCRIPT: Final = Path(__file__).with_name("link_cameras.html")
_AWAY: Final = 1.6
_UPRIGHT: Final = {"x": 0, "y": 0, "z": 1}
_MIDDLE: Final = {"x": 0, "y": 0, "z": 0}
VIEWS: Final = {
    "Front": {"eye": {"x": 0, "y": _AWAY, "z": 0}, "center": _MIDDLE, "up": _UPRIGHT},
    "Left": {"eye": {"x": -_AWAY, "y": 0, "z": 0}, "center": _MIDDLE, "up": _UPRIGHT},
    # The face is at the top then.
    "Top": {"eye": {"x": 0, "y": 0, "z": _AWAY}, "center": _MIDDLE, "up": {"x": 0, "y": 1, "z": 0}},
    "Reset": CAMERA,
}


def camera_controls() -> str:
    """HTML that looks at every scene from a side; with it, scenes turn together and stay turned."""
    buttons = "".join(
        f'<button type="button" data-camera="{html.escape(json.dumps(camera))}">{name}</button>'
        for name, camera in VIEWS.items()
    )
    script = _SCRIPT.read_text(encoding="utf-8")
    return f'<div class="cameras" role="group" aria-label="Look from">{buttons}</div>{script}'
