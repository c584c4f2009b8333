"""The pixels of a series that was chosen, as one volume on its own grid."""

from collections.abc import Callable, Iterator

import numpy as np

from common.errors import InputError
from inference.dicom.file_headers.frames import Frame, Picture
from inference.dicom.volumes.decoding import StoredFrames, stored_frames
from inference.dicom.volumes.series import SeriesHeader
from inference.geometry.averaging import averaged
from inference.geometry.coarser_grid import coarser_grid, shape_within
from inference.geometry.native_grid import NativeGrid
from inference.io.names.wording import damaged
from inference.io.volumes.shrunk_file import HELD_VOXELS


def grid_read_on(series: SeriesHeader, *, most_voxels: int = HELD_VOXELS) -> NativeGrid:
    """The grid of a series, or one of larger voxels where it has more than shall be held.

    Args:
        series: One that is not refused.
        most_voxels: How many may be held.

    Raises:
        InputError: with the series' refusal.
    """
    grid = series.readable_grid
    return coarser_grid(grid, shape_within(grid.shape, grid.spacing, most_voxels))


def read_volume(
    series: SeriesHeader,
    *,
    onto: NativeGrid | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> np.ndarray:
    """Read all slices of a series.

    Args:
        series: One that is not refused.
        onto: Of :func:`grid_read_on`; the series' own grid unless it is given.
        cancelled: Asked before every file; True ends the reading.

    Returns:
        (columns, rows, slices) float32 on that grid, rescaled by each slice's own slope and
        intercept (not by Philips' private scale). A single missing slice is the mean of its
        neighbours.

    Raises:
        InputError: with the series' refusal, or where a file is damaged or cut off.
        InterruptedError: where it was cancelled.
    """
    own = series.readable_grid.shape
    shape = onto.shape if onto else own
    planes = _planes(series, cancelled)
    volume = np.empty(shape, np.float32, order="F")
    for place, plane in enumerate(planes if shape == own else averaged(planes, own, shape)):
        volume[..., place] = plane
    return volume


def middle_slice(series: SeriesHeader) -> np.ndarray:
    """Read the middle slice alone, for a thumbnail.

    Args:
        series: Any that has pixels that can be decoded, refused or not.

    Returns:
        (rows, columns) float32, as it lies in its file.

    Raises:
        InputError: where its file is damaged or cut off, or holds no plain grey picture.
    """
    if series.unreadable:
        raise InputError(series.refusal)
    frames = [frame for frame in series.slices if frame is not None]
    frame = frames[len(frames) // 2]
    return _values(stored_frames(frame.path, frame.picture), frame)


def _planes(series: SeriesHeader, cancelled: Callable[[], bool] | None) -> Iterator[np.ndarray]:
    """(columns, rows) float32 of every slice in its order, a missing one made up."""
    opened, reader, before, missing = None, None, None, False
    for frame in series.slices:
        if frame is None:
            missing = True
            continue
        if reader is None or frame.path != opened:
            if cancelled and cancelled():
                raise InterruptedError
            opened, reader = frame.path, stored_frames(frame.path, frame.picture)
        plane = _values(reader, frame).T
        if missing and before is not None:
            yield (before + plane) / 2
        yield plane
        before, missing = plane, False


def _values(reader: StoredFrames, frame: Frame) -> np.ndarray:
    stored = _counted_bits(reader(frame.index), frame.picture)
    values = stored.astype(np.float32) * np.float32(frame.slope) + np.float32(frame.intercept)
    if not np.isfinite(values).all():
        raise damaged(frame.path)
    return values


def _counted_bits(stored: np.ndarray, picture: Picture) -> np.ndarray:
    """Only the bits that count, with their sign; turned over where 0 is white."""
    if picture.floating:
        return -stored if picture.inverted else stored
    wide = stored.astype(np.int64)
    wide >>= picture.high_bit + 1 - picture.bits_stored
    limit = 1 << picture.bits_stored
    wide &= limit - 1
    if picture.signed:
        wide -= (wide >= limit // 2) * limit
        return -1 - wide if picture.inverted else wide
    return limit - 1 - wide if picture.inverted else wide
