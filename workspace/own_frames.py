"""A case that was prepared, shown as it came: on the frames of one of its own sequences."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import streamlit as st

from common.axes import triple
from common.vocabulary import MODALITIES
from inference.geometry.boxes import Box, box_of
from inference.metrics import region_volumes
from inference.preparation.native_answer import image_on, native_frames
from inference.preparation.poses import reference_of
from report.drawing.native_greys import NativeGreys, head_box, native_greys
from viewer import Place, labels_payload, scan_payload_of
from workspace.images_on_disk import array_on_disk, bytes_on_disk
from workspace.open_case import OpenCase, keep_of_case, made_of_case

# What stands for the grid of 1 mm in a choice of frames.
AS_NETWORKS_SAW: Final = "networks"
_SHOWN: Final = "on_own_frames"
_CHOICE: Final = "frames"
# Reading four sequences anew takes memory: of several visitors, one after the other.
_lock: Final = threading.Lock()


def frames_of(opened: OpenCase) -> tuple[str, ...]:
    """The modalities on whose own frames a case can be shown, the usual one first.

    None for a case that was left as it came.
    """
    if opened.came is None or opened.came.preparation is None:
        return ()
    sequences = opened.came.preparation.sequences
    usual = reference_of(sequences)
    there = [modality for modality in MODALITIES if modality in sequences]
    return tuple(sorted(there, key=lambda modality: modality != usual))


def shrunk_to_mm(opened: OpenCase, frames: str) -> float | None:
    """The largest side of a voxel of frames that are shown on larger ones than their file has."""
    grid = opened.came.preparation.sequences[frames].grid if opened.came else None
    return max(grid.spacing) if grid and grid.stored else None


def chosen_frames(opened: OpenCase) -> str:
    """A modality of :func:`frames_of`, or ``AS_NETWORKS_SAW``: what the visitor chose last."""
    frames = frames_of(opened)
    chosen = st.session_state.get(_choice_of(opened))
    if chosen in (*frames, AS_NETWORKS_SAW):
        return chosen
    return frames[0] if frames else AS_NETWORKS_SAW


def choose_frames(opened: OpenCase, frames: str) -> None:
    """Show a case on these frames from now on, on every page."""
    st.session_state[_choice_of(opened)] = frames


def as_shown(opened: OpenCase) -> OpenCase:
    """The open case on the frames that the visitor has chosen."""
    frames = chosen_frames(opened)
    if frames == AS_NETWORKS_SAW:
        return opened
    kept = made_of_case(_SHOWN)
    if kept is None or kept.key != _key_on(opened, frames):
        kept = on_frames(opened, frames)
        keep_shown(kept)
    return kept


def keep_shown(shown: OpenCase) -> None:
    """Have ready what :func:`as_shown` would make anew."""
    keep_of_case(_SHOWN, shown)


def on_frames(opened: OpenCase, frames: str) -> OpenCase:
    """A case that was prepared, on the frames of one of its sequences.

    Args:
        opened: As the networks see it.
        frames: One of :func:`frames_of`.
    """
    came = opened.came
    with _lock:
        case = native_frames(came.preparation, onto=frames, truth=came.examination.truth)
        brain = came.brain_as_it_came(frames)
        head = _head_on(opened, frames)
        shown = ((name, image[head]) for name, image in _images_on(opened, frames))
        scan = scan_payload_of(shown, head, case.shape, case.spacing)
    volumes = None if case.truth is None else region_volumes(case.truth, case.voxel_volume_ml)
    to_working = np.linalg.inv(came.preparation.sequences[frames].from_working)
    return replace(
        opened,
        case=replace(
            case,
            truth=None if case.truth is None else array_on_disk(case.truth),
            notes=(*came.case.notes, *case.notes),
        ),
        packed_scan=bytes_on_disk(scan),
        key=_key_on(opened, frames),
        truth_volume_ml=volumes,
        frames=frames,
        brain=labels_payload(brain.astype(np.uint8)),
        place=Place(opened.key, to_working @ case.grid.ras_affine),
        brain_box=box_of(brain),
    )


def own_greys(shown: OpenCase) -> NativeGreys:
    """Read the sequences of a case once more, on the frames that it is shown on.

    Args:
        shown: Of :func:`on_frames`.
    """
    with _lock:
        head = _head_on(shown, shown.frames)
        images = _images_on(shown, shown.frames)
        brain = shown.came.brain_as_it_came(shown.frames)
        greys = native_greys(((name, image[head]) for name, image in images), brain, head)
    return replace(greys, slices=array_on_disk(greys.slices), tissue=array_on_disk(greys.tissue))


def _head_on(opened: OpenCase, frames: str) -> Box:
    """The box of the head on the frames of one sequence; around it there is noise alone."""
    image = opened.came.examination.images[frames].voxels
    return head_box(image) or triple(slice(0, size) for size in image.shape)


def _images_on(opened: OpenCase, frames: str) -> Iterator[tuple[str, np.ndarray]]:
    """The sequences on the frames of one, one after the other: each takes much memory."""
    came = opened.came
    for name in MODALITIES:
        if name in came.preparation.sequences:
            image = came.examination.images[name].voxels
            yield name, image_on(came.preparation, image, name, onto=frames)


def _key_on(opened: OpenCase, frames: str) -> str:
    return f"{opened.key} on {frames}"


def _choice_of(opened: OpenCase) -> str:
    return f"{_CHOICE}-{opened.key}"
