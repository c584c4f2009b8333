"""The names of the formats that an answer can be written in; importable without torch."""

from typing import Final

# In the order in which they are written.
FORMATS: Final = ("nifti", "seg", "regions", "rtstruct", "sr", "pdf")
FOR_A_PACS: Final = ("seg", "rtstruct", "sr", "pdf")


def formats_of(given: tuple[str, ...] | None, *, dicom: bool) -> tuple[str, ...]:
    """The formats that were asked for, or those that suit the input.

    Args:
        given: As the option has them.
        dicom: Whether the input is DICOM.
    """
    return given or (("nifti", "seg") if dicom else ("nifti",))
