"""The formats that an answer is written in, by name; importing this costs nothing."""

from typing import Final

NIFTI, SEG, REGIONS, RTSTRUCT, SR, PDF = "nifti", "seg", "regions", "rtstruct", "sr", "pdf"
FORMATS: Final = (NIFTI, SEG, REGIONS, RTSTRUCT, SR, PDF)
FOR_A_PACS: Final = (SEG, RTSTRUCT, SR, PDF)
# DICOM objects, one for each model.
OBJECTS: Final = frozenset({SEG, REGIONS, RTSTRUCT, SR})
