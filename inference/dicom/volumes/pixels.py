"""The pixels of a series that was chosen, as one volume on its own grid."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np

from common.errors import InputError
from inference.dicom.file_headers.frames import Frame, Picture
from inference.dicom.volumes.decoding import StoredFrames, stored_frames
from inference.dicom.volumes.series import SeriesHeader
from inference.io.names.wording import damaged


def read_volume(series: SeriesHeader, *, cancelled: Callable[[], bool] | None = None) -> np.ndarray:
    """Read all slices of a series.

    Args:
        series: One that is not refused.
        cancelled: Asked before every file; True ends the reading.

    Returns:
        (columns, rows, slices) float32 on ``series.grid``, rescaled by each slice's own slope and
        intercept (not by Philips' private scale). A single missing slice is the mean of its
        neighbours.

    Raises:
        InputError: with the series' refusal, or where a file is damaged or cut off.
        InterruptedError: where it was cancelled.
    """
    volume = np.empty(series.readable_grid.shape, np.float32, order="F")
    for path, placed in _by_file(series).items():
        if cancelled and cancelled():
            raise InterruptedError
        reader = stored_frames(path, placed[0][1].picture)
        for place, frame in placed:
            volume[:, :, place] = _values(reader, frame).T
    _fill_hole(volume, series)
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


def _by_file(series: SeriesHeader) -> dict[Path, list[tuple[int, Frame]]]:
    """The slices of each file, with their places along the third axis."""
    placed: dict[Path, list[tuple[int, Frame]]] = defaultdict(list)
    for place, frame in enumerate(series.slices):
        if frame is not None:
            placed[frame.path].append((place, frame))
    return placed


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


def _fill_hole(volume: np.ndarray, series: SeriesHeader) -> None:
    for place, frame in enumerate(series.slices):
        if frame is None:
            volume[:, :, place] = (volume[:, :, place - 1] + volume[:, :, place + 1]) / 2
