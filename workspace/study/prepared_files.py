"""Files laid ready on the desk that are being prepared: one such work a visitor."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import streamlit as st

from inference.io.cases.case_files import CaseFiles
from workspace.jobs.background import BackgroundTask, Progress
from workspace.session.uploads_on_disk import KeptUpload
from workspace.study.own_mask import mask_on_disk
from workspace.study.preparing import PreparedCase, prepare_files

_STATE: Final = "prepared_files"


def prepare_in_background(
    files: Callable[[], AbstractContextManager[CaseFiles]],
    *,
    brain_mask: KeptUpload | None = None,
) -> None:
    """Begin to read and prepare files, in place of those before.

    Args:
        files: Puts them on disk for as long as they are being read.
        brain_mask: One to be used instead of those found.
    """

    def work(progress: Progress) -> PreparedCase:
        with files() as there, mask_on_disk(brain_mask) as mask:
            return prepare_files(there, progress, brain_mask=mask)

    forget_files()
    st.session_state[_STATE] = BackgroundTask(work, name="preparation")


def files_task() -> BackgroundTask[PreparedCase] | None:
    """What this visitor has begun."""
    return st.session_state.get(_STATE)


def forget_files() -> None:
    """Stop the work, if there is any, and forget it."""
    former = st.session_state.pop(_STATE, None)
    if former is not None:
        former.progress.stop()
