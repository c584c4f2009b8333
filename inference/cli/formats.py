"""The answer of one opened case in every format that was asked for, in one folder."""

from collections.abc import Collection, Mapping
from pathlib import Path

from inference.cli.format_names import FOR_A_PACS
from inference.cli.output import write_segmentations
from inference.network.segmentation import Segmentation
from inference.preparation.opened_case import OpenedCase


def write_formats(
    opened: OpenedCase,
    segmentations: Mapping[str, Segmentation],
    folder: Path,
    *,
    formats: Collection[str] = FOR_A_PACS,
    onto: str | None = None,
    without_identifiers: bool = False,
) -> tuple[Path, ...]:
    """Write what the models predicted of one case; each file appears whole or not at all.

    Args:
        opened: The case with its images, as :func:`inference.preparation.opened_case.prepared`
            gives it; of a DICOM study its files must still be where they were read.
        segmentations: By name, the consensus among them, on the grid of ``opened.case``.
        folder: Gets the files; made where it is not there.
        formats: Some of ``FORMATS``.
        onto: The modality whose series the answer lies on; the T1c, or what stands for it,
            unless another is named.
        without_identifiers: Whether a pseudonym stands in the place of the patient, and new UIDs
            in that of the source's; the images are then written beside, since nothing else has
            these UIDs.

    Returns:
        The files in the order in which they were written. Those ending in ``.dcm`` belong in a
        PACS, each may be sent by itself in this order.

    Raises:
        InputError: where there is no such sequence, or a file of the study is gone.
    """
    names = opened.sequences
    del names, without_identifiers
    case = opened.frames_as_they_came(onto)
    answers = {
        name: opened.segmentation_as_it_came(each, onto, with_probabilities=False)
        for name, each in segmentations.items()
    }
    if "nifti" in formats:
        write_segmentations(case, answers, folder)
    return tuple(sorted(folder.glob("*.nii.gz")))
