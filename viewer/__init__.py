"""The browser component of the compare page: the scan travels once, scrolling happens there.

It knows panels (a name, a colour, a label map, numbers), never models.

What runs in the browser is in ``browser/``:

- ``components/``: one module for each component that Streamlit mounts, which imports the rest;
- ``received/``: what arrives from Python, kept on the page and decoded;
- ``slice/``: planes, zoom, window and level, layers, colour maps, painting a slice;
- ``controls/``: buttons, sliders and pictures that views are made of;
- ``export/``: a picture of the view as a file;
- ``compare/``: the compare view, with its toolbar, its panels, its input and its actions;
- ``heat/``: the heat map;
- ``styles/``: the style sheet, in the order that :mod:`viewer.styles` joins it.
"""

from viewer.component import compare_view, tell_progress
from viewer.panels import STATUSES, Panel, QuickLook, labels_payload, panels_payload
from viewer.place import Place
from viewer.probability import probability_payload
from viewer.scan import scan_payload, scan_payload_of

__all__ = [
    "STATUSES",
    "Panel",
    "Place",
    "QuickLook",
    "compare_view",
    "labels_payload",
    "panels_payload",
    "probability_payload",
    "scan_payload",
    "scan_payload_of",
    "tell_progress",
]
