"""The case a visitor has open, in the form the pages need it."""

import hashlib
import math
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import streamlit as st

from common.errors import without_options
from common.processor import usable_cores
from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.io.volumes.shrunk_file import HELD_VOXELS
from inference.metrics import region_volumes
from inference.network.preprocess import Box, Prepared, prepare
from inference.preparation.opened_case import OpenedCase, questioned
from viewer import Place, labels_payload, scan_payload
from workspace.events import Event, refusals_told, tell
from workspace.held_cases import Belonging, HeldCase, WayBack, held_cases
from workspace.images_on_disk import array_on_disk, bytes_on_disk, on_disk

Thing = TypeVar("Thing")
SAMPLE: Final = "sample"
SAMPLE_FOLDER: Final = Path(__file__).parents[1] / "assets" / "sample" / "synthetic_glioma"
# Four modalities of this size as float32 are 320 MB while they are read; a small host has 2.7 GB
# for all its visitors. Larger volumes are read at about 1 mm; pictures are refused, where the
# command line allows more.
MAX_VOXELS_ONLINE: Final = HELD_VOXELS
_STATE: Final = "open_case"
_made_of_it: Final[list[Callable[[], None]]] = []


@dataclass(frozen=True)
class OpenCase:
    """A case read, prepared and packed for the browser.

    Args:
        case: The scan without its voxels, which are in ``prepared`` and ``scan`` by now.
        prepared: What the models read.
        packed_scan: What the browser shows; in a file, as all that is large.
        key: Hash of the content: the same scan opened again finds its results.
        read_seconds: What reading the files took.
        truth_volume_ml: Volume of WT, TC and ET of the truth, None without one.
        synthetic: Whether this was generated and is no patient.
        is_sample: Whether it is the sample itself, and not a slice of it.
        came: How it came, where it was aligned, masked and resampled first.
        frames: The modality on whose own frames ``case`` and ``scan`` lie; None where they are as
            the networks see them.
        brain: The brain mask for the browser, where one was found.
        place: Where ``scan`` lies in the head, where there is more than one way to show it.
        brain_box: Where the brain lies in ``case``; None where ``prepared`` has it.
    """

    case: Case
    prepared: Prepared
    packed_scan: np.ndarray
    key: str
    read_seconds: float
    truth_volume_ml: dict[str, float] | None
    synthetic: bool = False
    is_sample: bool = False
    came: OpenedCase | None = None
    frames: str | None = None
    brain: bytes | None = None
    place: Place | None = None
    brain_box: Box | None = None

    @property
    def scan(self) -> bytes:
        """What the browser shows, read anew."""
        return self.packed_scan.tobytes()

    @property
    def networks_key(self) -> str:
        """The key of the case as the networks see it, whichever way it is shown."""
        return self.place.head if self.place else self.key

    @property
    def middle_x(self) -> float:
        """Index along X of the middle of the brain: left of it is the left side of the head."""
        across = (self.brain_box or self.prepared.box)[0]
        return (across.start + across.stop - 1) / 2


def current_case() -> OpenCase | None:
    """The case this visitor has open, on whichever page; asking for it is looking at it."""
    held = _held_case()
    return None if held is None else held.look()


def case_let_go() -> HeldCase[OpenCase] | None:
    """What was open until it was let go of for others; None where nothing was."""
    held = _held_case()
    return held if held is not None and held.is_empty else None


def made_of_case(what: str) -> Any:
    """What was made of the open case and kept; None where there is nothing."""
    held = _held_case()
    return None if held is None else held.made(what)


def keep_of_case(what: str, thing: Any) -> None:
    """Keep what was made of the open case, for as long as it is open."""
    held = _held_case()
    if held is not None:
        held.keep(what, thing)
        held_cases.keep_within_memory(held)


def going_with_case(thing: Thing) -> Belonging[Thing]:
    """Something that goes when this visitor's case does; where none is open it stays."""
    belonging, held = Belonging(thing), _held_case()
    if held is not None and not held.is_empty:
        held.take_along(belonging)
    return belonging


def _held_case() -> HeldCase[OpenCase] | None:
    return st.session_state.get(_STATE)


def on_open_case(act: Callable[[OpenCase], object]) -> Callable[[], None]:
    """For a button: does something with the case that is open when it is pressed.

    Streamlit keeps what a button calls, and what that holds, until the session is gone: a case
    given to it would stay in memory after it was closed.
    """

    def call() -> None:
        opened = current_case()
        if opened is not None:
            act(opened)

    return call


def open_sample() -> OpenCase:
    """Open the synthetic sample case, which is read once for all visitors."""
    return remember(read_sample())


def read_sample() -> OpenCase:
    """The synthetic sample case, without opening it: before anyone asks, so that nobody waits."""
    with _sample_lock:
        return _sample()


def open_files(
    files: CaseFiles,
    *,
    resampled: bool = False,
    aligned: bool = False,
    synthetic: bool = False,
    way_back: WayBack | None = None,
) -> OpenCase:
    """Read a visitor's files and make them the open case; on an error the old one stays open.

    Args:
        files: The files of one case.
        resampled: Whether files on other grids are resampled onto one.
        aligned: Whether the images are laid on each other by what they show, too.
        synthetic: Whether they were generated.
        way_back: How it is opened again, should it be let go of.

    Raises:
        InputError: where the files are not a case, or there is no room for one more.
    """
    with refusals_told():
        read = read_files(files, resampled=resampled, aligned=aligned)
        return remember(replace(read, synthetic=synthetic), way_back=way_back)


def close_case() -> None:
    """Forget the open case of this visitor, and what was made of it."""
    st.session_state.pop(_STATE, None)
    _drop_what_was_made()


def goes_with_case(drop: Callable[[], None]) -> Callable[[], None]:
    """Has something dropped of this visitor whenever their case is closed or makes room."""
    _made_of_it.append(drop)
    return drop


def _drop_what_was_made() -> None:
    for drop in _made_of_it:
        drop()


# `cache` does not lock a first call: two visitors would read the sample at the same time.
_sample_lock: Final = threading.Lock()
# Aligning takes a core for some seconds, and memory: of several visitors, one after the other.
_alignment_lock: Final = threading.Lock()
# Reading a case takes 350 MB for a moment and two cores, since its images are unpacked beside each
# other: more at once would be no faster for anyone, and take the memory of each.
_readers: Final = threading.BoundedSemaphore(max(1, usable_cores() // 2))


@cache
def _sample() -> OpenCase:
    with open_cases([SAMPLE_FOLDER]) as (files,):
        return replace(read_files(files), synthetic=True, is_sample=True)


def read_files(files: CaseFiles, *, resampled: bool = False, aligned: bool = False) -> OpenCase:
    """Read a case without opening it; one at once for two cores of the server, the others wait.

    Args:
        files: The files of one case.
        resampled: Whether files on other grids are resampled onto one.
        aligned: Whether the images are laid on each other by what they show, too.

    Raises:
        InputError: where the files are not a case.
    """
    with _readers, _alignment_lock if aligned else nullcontext():
        start = time.perf_counter()
        case = questioned(
            read_case(files, max_voxels=MAX_VOXELS_ONLINE, resampled=resampled, aligned=aligned)
        )
        return packed(OpenedCase(case), read_seconds=time.perf_counter() - start)


def packed(opened: OpenedCase, *, read_seconds: float, synthetic: bool = False) -> OpenCase:
    """Pack a case for models and browser, as the networks see it; its voxels are let go of.

    Args:
        opened: As it was read, and prepared if it had to be.
        read_seconds: What that took.
        synthetic: Whether it was generated.
    """
    case, brain = _for_a_page(opened.case), None
    volumes = None if case.truth is None else region_volumes(case.truth, case.voxel_volume_ml)
    if opened.preparation is not None:
        brain = labels_payload(opened.preparation.brain.astype(np.uint8))
    key = _key(case, opened)
    scan = scan_payload(case.volume, case.present, case.spacing)
    prepared = prepare(case)
    return OpenCase(
        case=replace(
            case.without_voxels(),
            truth=_aside(case.truth),
            stored_truth=_aside(case.stored_truth),
        ),
        prepared=replace(prepared, slices=array_on_disk(prepared.slices)),
        packed_scan=bytes_on_disk(scan),
        key=key,
        read_seconds=read_seconds,
        truth_volume_ml=volumes,
        synthetic=synthetic,
        came=_as_it_came(opened),
        brain=brain,
        place=None if brain is None else Place(key, case.grid.ras_affine),
    )


def _aside(labels: np.ndarray | None) -> np.ndarray | None:
    return None if labels is None else array_on_disk(labels)


def _as_it_came(opened: OpenedCase) -> OpenedCase | None:
    """What brings answers back, its voxels on disk; None for a case that was left as it came."""
    bare = opened.without_voxels()
    if bare.preparation is None or opened.examination is None:
        return None
    examination, truth = opened.examination, opened.examination.truth
    if truth is not None:
        labels, grid = truth
        aside = replace(labels, labels=_aside(labels.labels), stored=_aside(labels.stored))
        truth = (aside, grid)
    return replace(
        bare,
        preparation=replace(bare.preparation, brain=array_on_disk(bare.preparation.brain)),
        examination=replace(examination, images=on_disk(examination.images), truth=truth),
    )


def _for_a_page(case: Case) -> Case:
    """Notes without the options of the command line that they name in brackets."""
    return replace(case, notes=tuple(map(without_options, case.notes)))


def _identity(opened: OpenCase) -> tuple[str, str, bytes]:
    """What an export is of: beside the voxels, the name on it and where they lie."""
    return opened.key, opened.case.name, opened.case.grid.ras_affine.tobytes()


def remember(opened: OpenCase, *, way_back: WayBack | None = None) -> OpenCase:
    """Make this the open case of this visitor; what was made of another one is dropped.

    Args:
        opened: The case.
        way_back: How it is opened again, should it be let go of for others.

    Raises:
        NoRoomError: where there is no memory for one more; the one before stays open.
    """
    former_held, former = _held_case(), current_case()
    held = HeldCase(opened, way_back=way_back)
    if not opened.is_sample:  # which all visitors share
        held_cases.take(held, in_place_of=former_held)
    if former is None or _identity(former) != _identity(opened):
        _drop_what_was_made()
    if former is None or former.networks_key != opened.networks_key:
        tell(_event_of(opened))
    if former_held is not None:
        former_held.empty()  # Streamlit holds it until the next run
    st.session_state[_STATE] = held
    return opened


def _event_of(opened: OpenCase) -> Event:
    case = opened.case
    return Event(
        event="opened",
        seconds=opened.read_seconds,
        voxels=math.prod(case.shape),
        modalities=len(case.present),
    )


def _key(case: Case, opened: OpenedCase) -> str:
    digest = hashlib.blake2b(digest_size=16)
    about = (case.shape, case.present, case.spacing, case.voxel_size_known, case.truth_regions)
    digest.update(repr(about).encode())
    native_truth = opened.examination.truth if opened.examination else None
    truth = native_truth[0].labels if native_truth else case.truth
    for present in (case.volume, truth):
        if present is not None:
            digest.update(np.ascontiguousarray(present))
    return digest.hexdigest()
