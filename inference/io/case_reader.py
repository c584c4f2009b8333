"""From the files of one case to a :class:`~inference.case.Case`."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.case import Case
from inference.geometry.native_grid import NativeGrid
from inference.io.case_files import CaseFiles
from inference.io.duplicate_images import leave_out_copies
from inference.io.files.checked_file import CheckedFile, check_file, checked_channels
from inference.io.files.decoded_file import DecodedFile
from inference.io.files.nifti_guard import MAX_VOXELS
from inference.io.files.numbered_slices import Series, Source, check_same_slices
from inference.io.files.wording import shown
from inference.io.image_warnings import concerns, notes_on_grid, notes_on_scale, warnings_on
from inference.io.scan_images import Scan, ScanImage, channel_of, place, read_scan
from inference.io.truth import Truth, judged_truth, read_numbers, read_truth

_WITHOUT = {
    "t1": "Upload the T1 file too: without it old blood can look like enhancing tumour.",
    "t1c": "Upload the T1c file too: without it the enhancing tumour is not reliable.",
    "t2": "Upload the T2 file too: without it the edge of the oedema is less reliable.",
    "flair": "Upload the FLAIR file too: without it the oedema is not reliable.",
}


def read_case(
    files: CaseFiles,
    *,
    max_voxels: int = MAX_VOXELS,
    resampled: bool = False,
    aligned: bool = False,
) -> Case:
    """Read one case. Every file passes the guard before any voxel is read.

    Args:
        files: The files of the case: at least one modality, or a file that holds several.
        max_voxels: Most voxels of one volume.
        resampled: Whether files on other grids are resampled onto that of the truth, else of the
            T1c, else of the first file; if not, they are refused.
        aligned: Whether the images are also laid on each other by what they show, as
            in :mod:`inference.io.alignment`; this resamples.

    Returns:
        The case in RAS+ order. Voxels without a number (NaN) become background and an image of
        one value only is left out, each with a note.

    Raises:
        InputError: where a file is refused, two files differ in their grid, no image holds more
            than one value, the truth is not a label map, or pictures are to be aligned.
    """
    series = [source for source in _sources(files) if isinstance(source, Series)]
    check_same_slices(series)
    scans = _scans(files, max_voxels)
    truth = _one_volume(check_file(files.truth, max_voxels=max_voxels)) if files.truth else None
    every = [*scans, Scan(truth, (None,))] if truth else scans
    _check_one_kind(every)
    if aligned:
        _check_volumes(scans)
    resampled = resampled or aligned
    reference = _reference(scans, every) if resampled else every[0]
    moved = _off_grid(every, reference)
    if moved and not resampled:
        raise _other_grid(*moved[0], reference)
    read = _read(scans, truth, files, reference.grid, aligned=aligned)
    return _case(files, scans, reference.grid, moved, read)


def read_images(files: CaseFiles, *, max_voxels: int = MAX_VOXELS) -> list[ScanImage]:
    """Read the images of one case, each on the grid of its own file.

    Args:
        files: As of :func:`read_case`.
        max_voxels: Most voxels of one volume.

    Returns:
        One for each modality, in the order of ``MODALITIES``; an image of one value only is all
        zero.

    Raises:
        InputError: where a file is refused, or is a picture, which has no place in space.
    """
    scans = _scans(files, max_voxels)
    _check_volumes(scans)
    with ThreadPoolExecutor(len(MODALITIES)) as pool:
        images = [image for of_scan in pool.map(_read_alone, scans) for image in of_scan]
    return sorted(images, key=lambda image: MODALITIES.index(image.modality))


def _read_alone(scan: Scan) -> list[ScanImage]:
    volume = np.zeros((len(MODALITIES), *scan.grid.ras_shape), np.float32)
    images, _ = read_scan(scan, volume, scan.grid)
    return images


def read_truth_of(
    files: CaseFiles, images: Sequence[ScanImage] = (), *, max_voxels: int = MAX_VOXELS
) -> tuple[Truth, NativeGrid]:
    """Read the truth of a case on the grid of its own file.

    Args:
        files: As of :func:`read_case`, with a truth.
        images: What was read of the case; those on the grid of the truth are asked what its
            numbers mean.
        max_voxels: Most voxels of one volume.

    Raises:
        InputError: as of :func:`inference.io.truth.judged_truth`.
    """
    if files.truth is None:
        raise InputError(f"{files.name} has no truth; give its label map.")
    file = _one_volume(check_file(files.truth, max_voxels=max_voxels))
    grid = Scan(file, (None,)).grid
    names = [
        source.path.name if isinstance(source, Series) else source.name
        for source in _sources(files)
    ]
    there = [image for image in images if image.grid.differs_from(grid) is None]
    if not there:
        return read_truth(file, files.truth_convention, grid, names=names), grid
    volume = np.zeros((len(MODALITIES), *grid.ras_shape), np.float32)
    for image in there:
        channel_of(volume, image.modality)[...] = image.voxels
    numbers = read_numbers(file, grid, names=names)
    seen = [image.modality for image in there if image.voxels.any()]
    return judged_truth(numbers, files.truth_convention, volume, seen, asks=files.asks), grid


def read_brain_mask(path: Path, *, max_voxels: int = MAX_VOXELS) -> tuple[np.ndarray, NativeGrid]:
    """Read a brain mask: every voxel that is not 0 is brain.

    Args:
        path: A NIfTI file of one volume.
        max_voxels: Most voxels.

    Returns:
        (X, Y, Z) bool in RAS+ order, and its grid.

    Raises:
        InputError: where the file is refused, or holds nothing.
    """
    scan = Scan(_one_volume(check_file(path, max_voxels=max_voxels)), ("t1",))
    [image] = _read_alone(scan)
    if not image.voxels.any():
        raise InputError(f"{shown(path)} holds no brain; give a mask that is not empty.")
    return image.voxels != 0, scan.grid


def _sources(files: CaseFiles) -> list[Source]:
    """The files of a case, those of the scan first."""
    sources = [*files.modalities.values(), files.stacked, files.truth]
    return [source for source in sources if source is not None]


def _case(
    files: CaseFiles,
    scans: list[Scan],
    grid: NativeGrid,
    moved: list[tuple[Scan, str]],
    read: tuple[np.ndarray, Truth, list[str]],
) -> Case:
    volume, labels, of_values = read
    given = [name for scan in scans for name in scan.modalities if name]
    copies = leave_out_copies(volume, given)
    present = tuple(m for m in MODALITIES if m in given and volume[MODALITIES.index(m)].any())
    size_known = not isinstance(scans[0].file, DecodedFile)
    spacing = grid.ras_spacing if size_known else None
    found = {MODALITY_NAMES[m]: concerns(channel_of(volume, m), spacing) for m in present}
    notes: tuple[str, ...] = (
        # A page folds away what comes late, and these warn that the models may be of no use.
        *warnings_on(found),
        *files.notes,
        *copies,
        *(_WITHOUT[modality] for modality in MODALITIES if modality not in present),
        # The note on the order of the slices is the same for every modality.
        *dict.fromkeys(note for scan in scans for note in getattr(scan.file, "notes", ())),
        *of_values,
        *(_resampling_note(scan.file, difference) for scan, difference in moved),
        *labels.notes,
        *notes_on_grid(grid, size_known=size_known),
        *(() if size_known else notes_on_scale((volume != 0).any(axis=(0, 3)))),
    )
    return Case(
        files.name,
        volume,
        present,
        grid,
        truth=labels.labels,
        notes=notes,
        voxel_size_known=size_known,
        truth_regions=labels.regions,
        slice_names=getattr(scans[0].file, "slice_names", ()),
    )


def _scans(files: CaseFiles, max_voxels: int) -> list[Scan]:
    """The checked files of a case, in the order of ``MODALITIES``."""
    scans = [
        Scan(_one_volume(check_file(files.modalities[name], max_voxels=max_voxels)), (name,))
        for name in MODALITIES
        if name in files.modalities
    ]
    if files.stacked is not None:
        file = check_file(files.stacked, max_voxels=max_voxels)
        scans.append(Scan(file, _channels(files, file)))
    given = [name for scan in scans for name in scan.modalities if name]
    if not given:
        listed = ", ".join(MODALITY_NAMES.values())
        raise InputError(f"{files.name} has no scan; give at least one of {listed}.")
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice:
        raise InputError(f"{files.name} has two images of {MODALITY_NAMES[twice]}; give one.")
    return scans


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


def _one_volume(file: CheckedFile) -> CheckedFile:
    if file.volumes > 1:
        raise InputError(
            f"{shown(file.path)} holds {file.volumes} {file.parts}; give one modality in each "
            "file, or one file that holds them all alone."
        )
    return file


def _check_one_kind(scans: list[Scan]) -> None:
    """Pictures have no place in space: they fit each other by their size or not at all."""
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
                f"{shown(other.file.path)} has {other.file.shape[2]} slices and "
                f"{shown(pictures[0].file.path)} {pictures[0].file.shape[2]}; give as many of each."
            )
        if other.file.shape != pictures[0].file.shape:
            raise InputError(
                f"{shown(other.file.path)} has {_pixels(other)} pixels and "
                f"{shown(pictures[0].file.path)} {_pixels(pictures[0])}; export all pictures of a "
                "slice at one size."
            )


def _check_volumes(scans: list[Scan]) -> None:
    """Millimetres and degrees need voxels of a known size."""
    for scan in scans:
        if isinstance(scan.file, DecodedFile):
            raise InputError(
                f"{shown(scan.file.path)} does not state how large a pixel is, so it cannot be "
                "aligned; give NIfTI volumes, or read it as it is (without --register)."
            )


def _pixels(scan: Scan) -> str:
    return "×".join(str(side) for side in scan.file.shape[:2])


def _reference(scans: list[Scan], every: list[Scan]) -> Scan:
    """Whose grid a case lies on: the truth's, so that it is scored as it was drawn."""
    if len(every) > len(scans):
        return every[-1]
    return next((scan for scan in scans if "t1c" in scan.modalities), scans[0])


def _off_grid(scans: list[Scan], reference: Scan) -> list[tuple[Scan, str]]:
    """The files on another grid than the reference, each with the difference in words."""
    differences = [(scan, scan.grid.differs_from(reference.grid)) for scan in scans]
    return [(scan, difference) for scan, difference in differences if difference]


class DifferentGridsError(InputError):
    """Files of one case that lie on grids of their own, where one grid is wanted."""


def _other_grid(scan: Scan, difference: str, reference: Scan) -> DifferentGridsError:
    return DifferentGridsError(
        f"{shown(scan.file.path)} does not fit {shown(reference.file.path)}: it has {difference}; "
        "resample all files of a case onto one grid (--resample does it, and --register aligns the "
        "images too)."
    )


def _resampling_note(file: CheckedFile, difference: str) -> str:
    return (
        f"{shown(file.path)} was resampled: it has {difference}. Check that it lies on the other "
        "images."
    )


def _read(
    scans: list[Scan],
    truth: CheckedFile | None,
    files: CaseFiles,
    grid: NativeGrid,
    *,
    aligned: bool,
) -> tuple[np.ndarray, Truth, list[str]]:
    """Read all files at once: zlib unpacks outside the GIL.

    Returns:
        (4, X, Y, Z) float32 in RAS+ order, the truth, and notes on the values.
    """
    volume = np.zeros((len(MODALITIES), *grid.ras_shape), np.float32)
    with ThreadPoolExecutor(len(MODALITIES)) as pool:
        read = pool.map(lambda scan: read_scan(scan, volume, grid), scans)
        names = [scan.file.path.name for scan in scans]
        numbers = pool.submit(read_numbers, truth, grid, names=names) if truth else None
        by_scan, by_notes = zip(*read, strict=True)
        images = [image for of_scan in by_scan for image in of_scan]
        notes = [note for of_scan in by_notes for note in of_scan]
        if not any(image.voxels.any() for image in images):
            raise InputError(notes[-1].replace("it was left out", "give the file with the image"))
        motions, of_motions = _aligned(images, grid, truth) if aligned else ({}, ())
        places = [pool.submit(place, i, volume, grid, motions.get(i.modality)) for i in images]
        for placed in places:
            placed.result()
        seen = [image.modality for image in images if channel_of(volume, image.modality).any()]
        labels = (
            judged_truth(numbers.result(), files.truth_convention, volume, seen, asks=files.asks)
            if numbers
            else Truth()
        )
        return volume, labels, [*of_motions, *notes]


def _aligned(
    images: list[ScanImage], grid: NativeGrid, truth: CheckedFile | None
) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    from inference.io.alignment import align  # here, since it brings SimpleITK

    alignment = align(images, grid, truth=shown(truth.path) if truth else None)
    return alignment.motions, alignment.notes
