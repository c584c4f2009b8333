"""OpenVINO without its telemetry.

At its first import in a process it sends an event to Google Analytics, with an identity that it
keeps in the home folder, unless ``CI`` is set. Where scans are opened, nothing leaves the machine.
Its own switch is a command (``opt_in_out --opt_out``) that a person would have to know of; but
where the package that sends is missing, OpenVINO does without. So it is made to look missing.
"""

import sys
import threading
from types import ModuleType
from typing import Final

import numpy as np


def silence_telemetry() -> None:
    """Have OpenVINO, and NNCF on it, find nothing to send with; before the first import of both."""
    # None makes every import of it fail from here on, which the types of sys.modules leave out.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]


def import_openvino() -> ModuleType:
    """OpenVINO, which takes 0.3 s: only who runs int8 pays for it."""
    silence_telemetry()
    import openvino

    _meet_numpy(openvino)
    return openvino


_meeting: Final = threading.Lock()
_met: Final[list[bool]] = []


def _meet_numpy(openvino: ModuleType) -> None:
    """Have one thread give it its first array of the process.

    What OpenVINO is bound to Python with (pybind11) looks NumPy up then. Two threads that are the
    first at the same time wait for each other, one of them with the interpreter's lock: nothing
    of the process would ever go on.
    """
    with _meeting:
        if not _met:
            openvino.Tensor(np.zeros(1, np.float32)).data.sum()
            _met.append(True)
