"""From the files of one case to a :class:`~inference.case.Case`."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from inference.case import Case
from inference.checks import concerns, notes_on_grid, notes_on_scale, warnings_on
from inference.errors import InputError
from inference.files import CheckedFile, check_file, checked_channels
from inference.geometry import NativeGrid
from inference.guard import MAX_VOXELS
from inference.held import HeldFile
from inference.resample import resample
from inference.series import Series, Source, check_same_slices
from inference.sources import CaseFiles
from inference.truth import Truth, read_truth
from inference.vocabulary import MODALITIES, MODALITY_NAMES
from inference.voxels import native_grid, read_into
from inference.wording import shown

_WITHOUT = {
    "t1": "Upload the T1 file too: without it old blood can look like enhancing tumour.",
    "t1c": "Upload the T1c file too: without it the enhancing tumour is not reliable.",
    "t2": "Upload the T2 file too: without it the edge of the oedema is less reliable.",
    "flair": "Upload the FLAIR file too: without it the oedema is not reliable.",
}


@dataclass(frozen=True)
class _Scan:
    """A checked file, the modality of each of its volumes (None: not used) and its grid."""

    file: CheckedFile
    modalities: tuple[str | None, ...]
    grid: NativeGrid = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "grid", native_grid(self.file))


def read_case(files: CaseFiles, *, max_voxels: int = MAX_VOXELS, resampled: bool = False) -> Case:
    """Read one case. Every file passes the guard before any voxel is read.

    Args:
        files: The files of the case: at least one modality, or a file that holds several.
        max_voxels: Most voxels of one volume.
        resampled: Whether files on other grids are resampled onto that of the truth, else of the
            T1c, else of the first file; if not, they are refused.

    Returns:
        The case in RAS+ order. Voxels without a number (NaN) become background and an image of
        one value only is left out, each with a note.

    Raises:
        InputError: where a file is refused, two files differ in their grid, no image holds more
            than one value, or the truth is not a label map.
    """
    series = [source for source in _sources(files) if isinstance(source, Series)]
    check_same_slices(series)
    scans = _scans(files, max_voxels)
    truth = _one_volume(check_file(files.truth, max_voxels=max_voxels)) if files.truth else None
    every = [*scans, _Scan(truth, (None,))] if truth else scans
    _check_one_kind(every)
    reference = _reference(scans, every) if resampled else every[0]
    moved = _off_grid(every, reference)
    if moved and not resampled:
        raise _other_grid(*moved[0], reference)
    return _case(files, scans, truth, reference.grid, moved)


def _sources(files: CaseFiles) -> list[Source]:
    """The files of a case, those of the scan first."""
    sources = [*files.modalities.values(), files.stacked, files.truth]
    return [source for source in sources if source is not None]


def _case(
    files: CaseFiles,
    scans: list[_Scan],
    truth: CheckedFile | None,
    grid: NativeGrid,
    moved: list[tuple[_Scan, str]],
) -> Case:
    volume, labels, notes = _read(scans, truth, files.truth_convention, grid)
    given = [name for scan in scans for name in scan.modalities]
    present = tuple(m for m in MODALITIES if m in given and volume[MODALITIES.index(m)].any())
    size_known = not isinstance(scans[0].file, HeldFile)
    notes = (
        *(_WITHOUT[modality] for modality in MODALITIES if modality not in present),
        # Of the order of its slices every modality says the same.
        *dict.fromkeys(note for scan in scans for note in getattr(scan.file, "notes", ())),
        *notes,
        *(_resampling_note(scan.file, difference) for scan, difference in moved),
        *labels.notes,
        *notes_on_grid(grid, size_known=size_known),
        *_notes_on_images(volume, present, grid.ras_spacing if size_known else None),
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


def _scans(files: CaseFiles, max_voxels: int) -> list[_Scan]:
    """The checked files of a case, in the order of ``MODALITIES``."""
    scans = [
        _Scan(_one_volume(check_file(files.modalities[name], max_voxels=max_voxels)), (name,))
        for name in MODALITIES
        if name in files.modalities
    ]
    if files.stacked is not None:
        file = check_file(files.stacked, max_voxels=max_voxels)
        scans.append(_Scan(file, _channels(files, file)))
    given = [name for scan in scans for name in scan.modalities if name]
    if not given:
        listed = ", ".join(MODALITY_NAMES.values())
        raise InputError(f"{files.name} has no scan; give at least one of {listed}.")
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice:
        raise InputError(f"{files.name} has two images of {MODALITY_NAMES[twice]}; give one.")
    return scans


def _channels(files: CaseFiles, file: CheckedFile) -> tuple[str | None, ...]:
    """The modalities of a file with several; of slices in grey the one, as somebody must say."""
    source = files.stacked
    if not isinstance(source, Series) or file.colour or files.channels:
        return checked_channels(files.channels, file)
    if source.hint not in MODALITIES:
        raise InputError(
            f"{shown(file.path)} do not say which modality they are; put T1, T1c, T2 or FLAIR "
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


def _check_one_kind(scans: list[_Scan]) -> None:
    """Pictures have no place in space: they fit each other by their size or not at all."""
    held = [scan for scan in scans if isinstance(scan.file, HeldFile)]
    if not held:
        return
    others = [scan for scan in scans if scan not in held]
    if others:
        raise InputError(
            f"{shown(held[0].file.path)} is a picture and {shown(others[0].file.path)} a "
            "volume; give files of one kind."
        )
    for other in held[1:]:
        if other.file.shape[2] != held[0].file.shape[2]:
            raise InputError(
                f"{shown(other.file.path)} has {other.file.shape[2]} slices and "
                f"{shown(held[0].file.path)} {held[0].file.shape[2]}; give as many of each."
            )
        if other.file.shape != held[0].file.shape:
            raise InputError(
                f"{shown(other.file.path)} has {_pixels(other)} pixels and "
                f"{shown(held[0].file.path)} {_pixels(held[0])}; export all pictures of a slice "
                "at one size."
            )


def _pixels(scan: _Scan) -> str:
    return "×".join(str(side) for side in scan.file.shape[:2])


def _reference(scans: list[_Scan], every: list[_Scan]) -> _Scan:
    """Whose grid a case lies on: the truth's, so that it is scored as it was drawn."""
    if len(every) > len(scans):
        return every[-1]
    return next((scan for scan in scans if "t1c" in scan.modalities), scans[0])


def _off_grid(scans: list[_Scan], reference: _Scan) -> list[tuple[_Scan, str]]:
    """The files on another grid than the reference, each with the difference in words."""
    differences = [(scan, scan.grid.differs_from(reference.grid)) for scan in scans]
    return [(scan, difference) for scan, difference in differences if difference]


def _other_grid(scan: _Scan, difference: str, reference: _Scan) -> InputError:
    return InputError(
        f"{shown(scan.file.path)} does not fit {shown(reference.file.path)}: it has {difference}; "
        "resample all files of a case onto one grid (--resample does it)."
    )


def _resampling_note(file: CheckedFile, difference: str) -> str:
    return (
        f"{shown(file.path)} was resampled: it has {difference}. Check that it lies on the other "
        "images."
    )


def _read(
    scans: list[_Scan], truth: CheckedFile | None, convention: str | None, grid: NativeGrid
) -> tuple[np.ndarray, Truth, list[str]]:
    """Read all files at once: zlib unpacks outside the GIL.

    Returns:
        (4, X, Y, Z) float32 in RAS+ order, the truth, and what there is to say about the values.
    """
    volume = np.zeros((len(MODALITIES), *grid.ras_shape), np.float32)
    with ThreadPoolExecutor(len(MODALITIES)) as pool:
        notes = pool.map(lambda scan: _read_scan(scan, volume, grid), scans)
        labels = pool.submit(read_truth, truth, convention, grid) if truth else None
        notes = [note for notes_on_scan in notes for note in notes_on_scan]
        if not volume.any():
            raise InputError(notes[-1].replace("it was left out", "give the file with the image"))
        return volume, labels.result() if labels else Truth(), notes


def _read_scan(scan: _Scan, volume: np.ndarray, grid: NativeGrid) -> list[str]:
    """Fill the channels of one file."""
    moved = scan.grid.differs_from(grid) is not None
    own = {
        number: np.zeros(scan.grid.ras_shape, np.float32) if moved else _channel(volume, modality)
        for number, modality in enumerate(scan.modalities)
        if modality
    }
    read_into(scan.file, own, scan.grid)
    named = [(scan.modalities[number], channel) for number, channel in own.items()]
    notes = [_settle(channel, modality, scan.file) for modality, channel in named]
    if moved:
        for modality, channel in named:
            _channel(volume, modality)[...] = resample(channel, of=scan.grid, onto=grid)
            _check_overlap(_channel(volume, modality), channel, scan)
    if len(scan.modalities) > 1:
        order = ", ".join(MODALITY_NAMES[m] if m else "one not used" for m in scan.modalities)
        name = shown(scan.file.path)
        notes.insert(0, f"The {scan.file.parts} of {name} were taken to be {order}.")
    return [note for note in notes if note]


def _channel(volume: np.ndarray, modality: str) -> np.ndarray:
    return volume[MODALITIES.index(modality)]


def _settle(channel: np.ndarray, modality: str, file: CheckedFile) -> str | None:
    """Make sure that a channel holds a finite image; one of a single value becomes empty."""
    image = f"{shown(file.path)} ({MODALITY_NAMES[modality]})"
    note = None
    if np.isnan(channel.min()):
        np.nan_to_num(channel, copy=False, nan=0.0, posinf=np.inf, neginf=-np.inf)
        note = f"{image} has voxels without a value (NaN); they were read as background."
    low, high = channel.min(), channel.max()
    if not np.isfinite([low, high]).all():
        raise InputError(f"{image} holds infinite values; export it again.")
    if low == high:
        if low:
            channel[...] = 0
        return f"{image} holds the value {low:g} only; it was left out."
    return note


def _check_overlap(seen: np.ndarray, channel: np.ndarray, scan: _Scan) -> None:
    if channel.any() and not seen.any():
        raise InputError(
            f"{shown(scan.file.path)} lies somewhere else than the other files; check that all "
            "are of one patient and one examination."
        )


def _notes_on_images(
    volume: np.ndarray, present: tuple[str, ...], spacing: tuple[float, float, float] | None
) -> Iterator[str]:
    found = {MODALITY_NAMES[m]: concerns(_channel(volume, m), spacing) for m in present}
    yield from warnings_on(found)
    if spacing is None:
        yield from notes_on_scale((volume != 0).any(axis=(0, 3)))
