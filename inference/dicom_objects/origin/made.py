"""What every object says of its maker and its series."""

from importlib.metadata import version
from typing import Any, Final

from inference.dicom_objects.result import MAKER, RESEARCH_ONLY, Result

# Each result has ten numbers of series, above what scanners and workstations give.
_FIRST_NUMBER: Final = 9000
DOCUMENT_NUMBER: Final = 8999
IMAGES_NUMBER: Final = 8998
_KINDS: Final = {
    "parts": ("tumour parts", 0),
    "regions": ("tumour regions", 1),
    "contours": ("contours", 2),
    "measurements": ("measurements", 3),
}


def maker() -> dict[str, Any]:
    """The equipment, as arguments of highdicom's objects."""
    return {
        "manufacturer": MAKER,
        "manufacturer_model_name": MAKER,
        "software_versions": f"{MAKER}, OpenVINO {version('openvino')}",
        "device_serial_number": "0",
    }


def series_number(result: Result, kind: str) -> int:
    """SeriesNumber of one kind of object of one result."""
    return _FIRST_NUMBER + 10 * result.rank + _KINDS[kind][1]


def series_description(result: Result, kind: str) -> str:
    """SeriesDescription, at most 64 characters."""
    return f"{MAKER} {result.title}: {_KINDS[kind][0]}. {RESEARCH_ONLY}"
