"""The one grid that a case lies on, and what lies on another."""

from common.errors import InputError
from inference.io.names.wording import shown
from inference.io.scan_images import Scan
from inference.io.volumes.checked_file import CheckedFile


class DifferentGridsError(InputError):
    """Files of one case that lie on grids of their own, where one grid is wanted."""


def reference_of(scans: list[Scan], every: list[Scan]) -> Scan:
    """Whose grid a case lies on: the truth's, so that it is scored as it was drawn."""
    if len(every) > len(scans):
        return every[-1]
    return next((scan for scan in scans if "t1c" in scan.modalities), scans[0])


def off_grid(scans: list[Scan], reference: Scan) -> list[tuple[Scan, str]]:
    """The files on another grid than the reference, each with the difference in words."""
    differences = [(scan, scan.grid.differs_from(reference.grid)) for scan in scans]
    return [(scan, difference) for scan, difference in differences if difference]


def other_grid(
    scan: Scan, difference: str, reference: Scan, *, truth: CheckedFile | None
) -> DifferentGridsError:
    """The refusal of a file on another grid than the reference, in words.

    Args:
        scan: The file.
        difference: How its grid differs.
        reference: Whose grid the case lies on.
        truth: The truth of the case, if it has one.
    """
    if scan.file is truth:
        return DifferentGridsError(
            f"The truth {shown(scan.file.path)} does not fit {shown(reference.file.path)}: it has "
            f"{difference}; save it on the grid of the image it was drawn on, or have it resampled "
            "(--resample)."
        )
    return DifferentGridsError(
        f"{shown(scan.file.path)} does not fit {shown(reference.file.path)}: it has {difference}; "
        "resample all files of a case onto one grid (--resample does it, and --register aligns the "
        "images too)."
    )


def resampling_note(file: CheckedFile, difference: str) -> str:
    """What was done to a file on another grid."""
    return (
        f"{shown(file.path)} was resampled: it has {difference}. Check that it lies on the other "
        "images."
    )
