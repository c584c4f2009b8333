"""From chosen series, or files laid ready, to an open case: in the background, step by step."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from common.memory import trim_heap
from inference.io.cases.case_files import CaseFiles
from inference.preparation.brain.brain_finder import brain_finder
from inference.preparation.opened_case import (
    OpenedCase,
    PreparationOptions,
    open_case,
)
from inference.study.series.choice import Choice
from workspace.events import refusals_told
from workspace.images_on_disk import on_disk
from workspace.jobs.background import Progress
from workspace.open_case import MAX_VOXELS_ONLINE, OpenCase, packed
from workspace.own_frames import frames_of, on_frames
from workspace.study.exams import ReadExam
from workspace.study.step_pictures import StepPicture, step_pictures

# Each takes the memory of four sequences twice, and a core or two: one visitor after the other.
_one_at_a_time: Final = threading.Lock()
_ASK_AGAIN_SECONDS: Final = 0.3


@dataclass(frozen=True, eq=False)
class PreparedCase:
    """A case, ready to be shown.

    Args:
        opened: As the networks see it.
        shown: On the frames it is first shown on; ``opened`` itself where it was left as it came.
        pictures: What the steps can be judged by.
    """

    opened: OpenCase
    shown: OpenCase
    pictures: tuple[StepPicture, ...] = ()


def prepare_exam(
    exam: ReadExam,
    choice: Choice,
    progress: Progress,
    *,
    brain_mask: Path | None = None,
    synthetic: bool = False,
) -> PreparedCase:
    """Read the chosen series of an exam and prepare them.

    Args:
        exam: The exam.
        choice: Which series is which.
        progress: Is told of each step.
        brain_mask: A NIfTI file to be used instead of the masks found.
        synthetic: Whether it was generated.

    Raises:
        InputError: where a file is damaged, or no brain is found.
        StoppedError: where it was stopped.
    """

    def read() -> OpenedCase:
        progress.step("pixels")
        return exam.open(choice, _options(progress, brain_mask), progress.is_unwanted)

    return _packed(read, progress, synthetic=synthetic)


def prepare_files(
    files: CaseFiles, progress: Progress, *, brain_mask: Path | None = None
) -> PreparedCase:
    """Read the files of a case, and prepare them if they are not as BraTS prepares them.

    Args:
        files: The files.
        progress: As of :func:`prepare_exam`.
        brain_mask: As of :func:`prepare_exam`.

    Raises:
        InputError: where a file is refused, or has to be prepared and cannot be.
        StoppedError: where it was stopped.
    """

    def read() -> OpenedCase:
        progress.step("pixels")
        return open_case(files, _options(progress, brain_mask))

    return _packed(read, progress)


def _options(progress: Progress, brain_mask: Path | None) -> PreparationOptions:
    return PreparationOptions(
        "auto",
        brain_finder,
        brain_mask=brain_mask,
        max_voxels=MAX_VOXELS_ONLINE,
        progress=partial(_step, progress),
        keep=on_disk,
    )


def _step(progress: Progress, name: str) -> None:
    """Begin a step, with what the one before has freed given back to the system."""
    trim_heap()
    progress.step(name)


def _packed(
    read: Callable[[], OpenedCase], progress: Progress, *, synthetic: bool = False
) -> PreparedCase:
    with _turn(progress), refusals_told():
        start = time.perf_counter()
        case = read()
        seconds = time.perf_counter() - start
        progress.step("pack")
        pictures = tuple(step_pictures(case))
        opened = packed(case, read_seconds=seconds, synthetic=synthetic)
        del case  # its images are on disk from here on
        trim_heap()
        if opened.came is None:
            return PreparedCase(opened, opened)
        frames = frames_of(opened)
        shown = on_frames(opened, frames[0]) if frames else opened
        trim_heap()
        return PreparedCase(opened, shown, pictures)


@contextmanager
def _turn(progress: Progress) -> Iterator[None]:
    """Wait for one's turn, but not once nobody waits for the work."""
    progress.step("turn")
    while not _one_at_a_time.acquire(timeout=_ASK_AGAIN_SECONDS):
        progress.check()
    try:
        yield
    finally:
        _one_at_a_time.release()
