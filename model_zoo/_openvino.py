"""OpenVINO without its telemetry.

At its first import in a process it sends an event to Google Analytics, with an identity that it
keeps in the home folder, unless ``CI`` is set. Where scans are opened, nothing leaves the machine.
Its own switch is a command (``opt_in_out --opt_out``) that a person would have to know of; but
where the package that sends is missing, OpenVINO does without. So it is made to look missing.
"""

import sys
from types import ModuleType


def silence_telemetry() -> None:
    """Have OpenVINO, and NNCF on it, find nothing to send with; before the first import of both."""
    # None makes every import of it fail from here on, which the types of sys.modules leave out.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def import_openvino() -> ModuleType:
    """OpenVINO, which takes 0.3 s: only who runs int8 pays for it."""
    silence_telemetry()
    import openvino

    return openvino
