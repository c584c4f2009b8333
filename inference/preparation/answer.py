"""The answer of one opened case on the grid of one of its images."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from common.errors import InputError
from inference.case import Case
from inference.io.scan_images import ScanImage, channel_of
from inference.network.segmentation import Segmentation
from inference.preparation.opened_case import OpenedCase
from inference.preparation.poses import reference_of

if TYPE_CHECKING:  # it brings pydicom
    from inference.dicom.volumes.series import SeriesHeader


@dataclass(frozen=True, eq=False)
class Answer:
    """What the models predicted of a case, on the grid of one image.

    Args:
        opened: The case.
        onto: The modality whose image it is.
        case: Its grid, and its truth if there is one.
        segmentations: By name, the consensus among them.
    """

    opened: OpenedCase
    onto: str
    case: Case
    segmentations: Mapping[str, Segmentation]

    @property
    def image(self) -> ScanImage:
        """The image, as it was read."""
        examination = self.opened.examination
        if examination is not None:
            return examination.images[self.onto]
        case = self.opened.case
        return ScanImage(case.name, self.onto, channel_of(case.volume, self.onto), case.grid)

    @property
    def series(self) -> "SeriesHeader | None":
        """The series it was read from; None where it did not come as DICOM."""
        examination = self.opened.examination
        return examination.dicom.get(self.onto) if examination else None


def answer_on(
    opened: OpenedCase, segmentations: Mapping[str, Segmentation], onto: str | None = None
) -> Answer:
    """Bring what was predicted onto the grid of one image.

    Args:
        opened: The case.
        segmentations: By name, on the grid of ``opened.case``.
        onto: A modality; the T1c, or what stands for it, unless another is named.

    Raises:
        InputError: where there is no such image.
    """
    there = dict.fromkeys(opened.sequences or opened.case.present)
    if onto is not None and onto not in there:
        raise InputError(
            f"{opened.case.name} has no {onto} to lay the answer on; it has {', '.join(there)} "
            "(--onto)."
        )
    return Answer(
        opened,
        onto or reference_of(there),
        opened.frames_of_file(onto),
        {name: opened.segmentation_of_file(each, onto) for name, each in segmentations.items()},
    )
