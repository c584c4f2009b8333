"""Imports that are made to take less time."""

import sys


def import_nibabel() -> None:
    """Import nibabel without pydicom, which takes longer than all else before a file is opened.

    nibabel would read the DICOM inside a NIfTI header with it, which nothing here does. pydicom is
    made to look missing for this moment alone.
    """
    if "nibabel" in sys.modules or "pydicom" in sys.modules:
        return
    sys.modules["pydicom"] = None  # type: ignore[assignment]
    try:
        import nibabel  # noqa: F401
    finally:
        del sys.modules["pydicom"]
