"""From the files of one case to a :class:`~inference.case.Case`."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from common.errors import InputError, errors_of
from common.threads import ThreadPool
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.case import Case
from inference.geometry.native_grid import NativeGrid
from inference.io.cases.case_files import CaseFiles
from inference.io.checked_scans import (
    check_one_kind,
    check_volumes,
    checked_scans,
    one_volume,
    sources_of,
)
from inference.io.duplicate_images import leave_out_copies
from inference.io.image_warnings import concerns, notes_on_grid, notes_on_scale, warnings_on
from inference.io.names.wording import shown
from inference.io.one_grid import off_grid, other_grid, reference_of, resampling_note
from inference.io.scan_images import Scan, ScanImage, channel_of, place, read_scan
from inference.io.slices.decoded_file import DecodedFile
from inference.io.slices.numbered_slices import Series, Source, check_same_slices
from inference.io.truths.truth import Truth, judged_truth, read_numbers, read_truth
from inference.io.truths.truth_place import check_place, grid_drawn_on, laid_on, note_on_place
from inference.io.volumes.checked_file import CheckedFile, check_file
from inference.io.volumes.claims import MAX_VOXELS
from inference.io.volumes.voxels import native_grid

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
    with errors_of(files.folder):
        return _read_case(files, max_voxels, resampled=resampled, aligned=aligned)


def _read_case(files: CaseFiles, max_voxels: int, *, resampled: bool, aligned: bool) -> Case:
    series = [source for source in sources_of(files) if isinstance(source, Series)]
    check_same_slices(series)
    scans = checked_scans(files, max_voxels)
    truth, drawn_on = _truth_of(files.truth, scans, max_voxels) if files.truth else (None, None)
    every = [*scans, Scan(truth, (None,))] if truth else scans
    check_one_kind(every)
    if aligned:
        check_volumes(scans)
    resampled = resampled or aligned
    reference = reference_of(scans, every) if resampled else every[0]
    moved = off_grid(every, reference)
    if moved and not resampled:
        raise other_grid(*moved[0], reference, truth=truth)
    read = _read(scans, truth, files, reference.grid, aligned=aligned, drawn_on=drawn_on)
    return _case(files, scans, reference.grid, moved, read)


def _truth_of(
    source: Source, scans: Sequence[Scan], max_voxels: int
) -> tuple[CheckedFile, str | None]:
    """The truth, laid on the image it was drawn on where its own header does not hold; which."""
    truth = one_volume(check_file(source, max_voxels=max_voxels), truth=True)
    likeliest = sorted(scans, key=lambda scan: "t1c" not in scan.modalities)
    grid = grid_drawn_on(native_grid(truth), [scan.grid for scan in likeliest])
    if grid is None or isinstance(truth, DecodedFile):
        return truth, None
    image = next(scan for scan in likeliest if scan.grid is grid)
    return laid_on(truth, grid), shown(image.file.path)


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
    with errors_of(files.folder):
        scans = checked_scans(files, max_voxels)
        check_volumes(scans)
        with ThreadPool(len(MODALITIES)) as pool:
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
        InputError: as of :func:`inference.io.truths.truth.judged_truth`.
    """
    with errors_of(files.folder):
        return _read_truth_of(files, images, max_voxels)


def _read_truth_of(
    files: CaseFiles, images: Sequence[ScanImage], max_voxels: int
) -> tuple[Truth, NativeGrid]:
    if files.truth is None:
        raise InputError(f"{files.name} has no truth; give its label map.")
    file = one_volume(check_file(files.truth, max_voxels=max_voxels), truth=True)
    likeliest = sorted(images, key=lambda image: image.modality != "t1c")
    drawn_on = grid_drawn_on(native_grid(file), [image.grid for image in likeliest])
    if drawn_on is not None:
        file = laid_on(file, drawn_on)
    grid = Scan(file, (None,)).grid
    names = [
        source.path.name if isinstance(source, Series) else source.name
        for source in sources_of(files)
    ]
    there = [image for image in images if image.grid.differs_from(grid) is None]
    if not there:
        return read_truth(file, files.truth_convention, grid, names=names), grid
    volume = np.zeros((len(MODALITIES), *grid.ras_shape), np.float32)
    for image in there:
        channel_of(volume, image.modality)[...] = image.voxels
    numbers = read_numbers(file, grid, names=names)
    if drawn_on is not None:
        check_place(numbers.numbers, volume, name=numbers.source)
        note = note_on_place(numbers.source, there[0].name)
        numbers = replace(numbers, notes=(*numbers.notes, note))
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
    scan = Scan(one_volume(check_file(path, max_voxels=max_voxels)), ("t1",))
    [image] = _read_alone(scan)
    if not image.voxels.any():
        raise InputError(f"{shown(path)} holds no brain; give a mask that is not empty.")
    return image.voxels != 0, scan.grid


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
    with ThreadPool(len(MODALITIES)) as pool:
        looked_at = pool.map(lambda m: concerns(channel_of(volume, m), spacing), present)
        found = dict(zip(map(MODALITY_NAMES.__getitem__, present), looked_at, strict=True))
    notes: tuple[str, ...] = (
        # A page folds away what comes late, and these warn that the models may be of no use.
        *warnings_on(found),
        *files.notes,
        *copies,
        *(_WITHOUT[modality] for modality in MODALITIES if modality not in present),
        # The note on the order of the slices is the same for every modality.
        *dict.fromkeys(note for scan in scans for note in getattr(scan.file, "notes", ())),
        *of_values,
        *(resampling_note(scan.file, difference) for scan, difference in moved),
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
        stored_truth=labels.stored,
    )


def _read(
    scans: list[Scan],
    truth: CheckedFile | None,
    files: CaseFiles,
    grid: NativeGrid,
    *,
    aligned: bool,
    drawn_on: str | None,
) -> tuple[np.ndarray, Truth, list[str]]:
    """Read all files at once: zlib unpacks outside the GIL.

    Returns:
        (4, X, Y, Z) float32 in RAS+ order, the truth, and notes on the values.
    """
    volume = np.zeros((len(MODALITIES), *grid.ras_shape), np.float32)
    with ThreadPool(len(MODALITIES)) as pool:
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
        if numbers is None:
            return volume, Truth(), [*of_motions, *notes]
        of_truth = numbers.result()
        if drawn_on:
            check_place(of_truth.numbers, volume, name=of_truth.source)
            notes.append(note_on_place(of_truth.source, drawn_on))
        labels = judged_truth(of_truth, files.truth_convention, volume, seen, asks=files.asks)
        return volume, labels, [*of_motions, *notes]


def _aligned(
    images: list[ScanImage], grid: NativeGrid, truth: CheckedFile | None
) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    from inference.io.alignment import align  # here, since it brings SimpleITK

    alignment = align(images, grid, truth=shown(truth.path) if truth else None)
    return alignment.motions, alignment.notes
