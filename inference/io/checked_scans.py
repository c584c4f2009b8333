"""The files of a case as scans: checked, each with its modalities, fit to stand together."""

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.cases.case_files import CaseFiles
from inference.io.names.wording import counted, shown
from inference.io.scan_images import Scan
from inference.io.slices.decoded_file import DecodedFile
from inference.io.slices.numbered_slices import Series, Source
from inference.io.volumes.checked_file import CheckedFile, check_file, checked_channels, in_colours


def sources_of(files: CaseFiles) -> list[Source]:
    """The files of a case, those of the scan first."""
    sources = [*files.modalities.values(), files.stacked, files.truth]
    return [source for source in sources if source is not None]


def checked_scans(files: CaseFiles, max_voxels: int) -> list[Scan]:
    """The checked files of a case, in the order of ``MODALITIES``.

    Args:
        files: Its files.
        max_voxels: Most voxels of one volume.

    Raises:
        InputError: where a file is refused, none is a scan, or two are of one modality.
    """
    scans = [
        Scan(one_volume(check_file(files.modalities[name], max_voxels=max_voxels)), (name,))
        for name in MODALITIES
        if name in files.modalities
    ]
    if files.stacked is not None:
        file = in_colours(check_file(files.stacked, max_voxels=max_voxels), files.channels)
        scans.append(Scan(file, _channels(files, file)))
    given = [name for scan in scans for name in scan.modalities if name]
    if not given:
        listed = ", ".join(MODALITY_NAMES.values())
        raise InputError(f"{files.name} has no scan; give at least one of {listed}.")
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice:
        raise InputError(f"{files.name} has two images of {MODALITY_NAMES[twice]}; give one.")
    return scans


def one_volume(file: CheckedFile, *, truth: bool = False) -> CheckedFile:
    """A file that holds one image.

    Args:
        file: The file.
        truth: Whether it is an expert's label map.

    Raises:
        InputError: where it holds several.
    """
    if file.volumes > 1 and truth:
        in_colour = isinstance(file, DecodedFile) and file.colour
        what = "is in colour" if in_colour else f"holds {file.volumes} {file.parts}"
        raise InputError(
            f"The truth {shown(file.path)} {what}; save it as one image with a number for each "
            "part of the tumour: 1, 2 and 3."
        )
    if file.volumes > 1:
        raise InputError(
            f"{shown(file.path)} holds {file.volumes} {file.parts}; give one modality in each "
            "file, or one file that holds them all alone."
        )
    return file


def check_one_kind(scans: list[Scan]) -> None:
    """Pictures have no place in space: they fit each other by their size or not at all.

    Raises:
        InputError: where pictures and volumes stand together, or two sizes.
    """
    pictures = [scan for scan in scans if isinstance(scan.file, DecodedFile)]
    if not pictures:
        return
    others = [scan for scan in scans if scan not in pictures]
    if others:
        raise InputError(
            f"{shown(pictures[0].file.path)} is a picture and {shown(others[0].file.path)} a "
            "volume; give files of one kind."
        )
    for other in pictures[1:]:
        if other.file.shape[2] != pictures[0].file.shape[2]:
            raise InputError(
                f"{shown(other.file.path)} has {_slices(other)} and "
                f"{shown(pictures[0].file.path)} {pictures[0].file.shape[2]}; give as many of each."
            )
        if other.file.shape != pictures[0].file.shape:
            raise InputError(
                f"{shown(other.file.path)} has {_pixels(other)} pixels and "
                f"{shown(pictures[0].file.path)} {_pixels(pictures[0])}; export all pictures of a "
                "slice at one size."
            )


def check_volumes(scans: list[Scan]) -> None:
    """Millimetres and degrees need voxels of a known size.

    Raises:
        InputError: where a file is a picture.
    """
    for scan in scans:
        if isinstance(scan.file, DecodedFile):
            raise InputError(
                f"{shown(scan.file.path)} does not state how large a pixel is, so it cannot be "
                "aligned; give NIfTI volumes, or read it as it is (without --register)."
            )


def _channels(files: CaseFiles, file: CheckedFile) -> tuple[str | None, ...]:
    """The modalities of a file with several; of slices in grey the one that is given."""
    source = files.stacked
    in_grey = isinstance(file, DecodedFile) and not file.colour
    if not isinstance(source, Series) or not in_grey or files.channels:
        return checked_channels(files.channels, file)
    if source.hint not in MODALITIES:
        raise InputError(
            f"{shown(file.path)} do not state which modality they are; put T1, T1c, T2 or FLAIR "
            "into their names or their folder's, or name it (--channels flair)."
        )
    return (source.hint,)


def _slices(scan: Scan) -> str:
    return counted(scan.file.shape[2], "slice", "slices")


def _pixels(scan: Scan) -> str:
    return "×".join(str(side) for side in scan.file.shape[:2])
