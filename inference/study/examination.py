"""The sequences of one examination, each on the grid of its own image."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inference.geometry.native_grid import NativeGrid
from inference.io.scan_images import ScanImage
from inference.io.truths.truth import Truth

if TYPE_CHECKING:  # it brings pydicom
    from inference.dicom.volumes.series import SeriesHeader


@dataclass(frozen=True, eq=False)
class Examination:
    """The sequences of one examination.

    Args:
        name: What it is called on screen and in files; never a patient's name.
        images: By modality.
        truth: A truth and its own grid, where there is one.
        notes: What its user should know of how it was read.
        series: The table of every series found, where it came as DICOM.
        dicom: By modality, the series that its image was read from, likewise.
    """

    name: str
    images: Mapping[str, ScanImage]
    truth: tuple[Truth, NativeGrid] | None = None
    notes: tuple[str, ...] = ()
    series: tuple["SeriesRow", ...] = ()
    dicom: "Mapping[str, SeriesHeader]" = field(default_factory=dict)


@dataclass(frozen=True)
class SeriesRow:
    """One series, as the table of an examination shows it.

    Args:
        number: SeriesNumber, where there is one.
        description: SeriesDescription, without the patient's name and number and any date.
        modality: What it is read as; None where it is not read.
        reason: Why.
        unclear: Whether only the user can say what it is.
        volumes: Which of the exam's volumes it stands for, by index; a series of diffusion holds
            one for each b-value and direction.
    """

    number: int | None
    description: str
    modality: str | None
    reason: str
    unclear: bool = False
    volumes: tuple[int, ...] = ()
