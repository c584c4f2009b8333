"""The browser component of the compare page: the scan travels once, scrolling happens there.

It knows panels (a name, a colour, a label map, numbers), never models.
"""

from viewer.colours import LABEL_COLOURS
from viewer.component import compare_view, tell_progress
from viewer.panels import STATUSES, Panel, QuickLook, labels_payload, panels_payload
from viewer.probability import probability_payload
from viewer.scan import scan_payload

__all__ = [
    "LABEL_COLOURS",
    "STATUSES",
    "Panel",
    "QuickLook",
    "compare_view",
    "labels_payload",
    "panels_payload",
    "probability_payload",
    "scan_payload",
    "tell_progress",
]
