"""Work that a page waits for: the models, where it does not show them one by one, or a job."""

from collections.abc import Callable

import streamlit as st

from workspace.jobs.on_frames import on_shown_frames
from workspace.jobs.polling import poll
from workspace.jobs.queue.job import Job
from workspace.jobs.queue.queue_place import place_of
from workspace.jobs.segmentation import (
    PANEL_NAMES,
    Answer,
    all_settled,
    finished,
    segmentation_jobs,
)
from workspace.open_case import OpenCase, on_open_case

POLL_SECONDS = 0.7


def answers_so_far(opened: OpenCase, shown: OpenCase | None = None) -> dict[str, Answer]:
    """What is there of the case; while more is to come, its progress stands on the page.

    Args:
        opened: The case as the networks see it.
        shown: The same on the frames that the answers are wanted on.
    """
    shown = shown or opened
    jobs = on_shown_frames(shown, segmentation_jobs(opened))
    found = finished(jobs)
    if not all_settled(jobs):
        poll(_progress, opened, shown, len(found), every=POLL_SECONDS)
    elif any(job.status != "done" for job in jobs.values()):
        _unanswered(jobs)
    return found


def _progress(opened: OpenCase, shown: OpenCase, found_before: int) -> None:
    jobs = on_shown_frames(shown, segmentation_jobs(opened))
    if len(finished(jobs)) != found_before or all_settled(jobs):
        st.rerun()
    place = place_of(jobs.values())
    if place is not None:
        st.caption(f"Your case is {place.words}.")
    for name, job in jobs.items():
        if job.unsettled:
            _bar(job, PANEL_NAMES[name])


def is_done(job: Job, doing: str, *, again: Callable[[OpenCase], object], key: str) -> bool:
    """Whether the result of a job is there; else its progress, or why there is none, is shown.

    Args:
        job: The work.
        doing: What it is, as it stands before its progress and before why it failed.
        again: Asks for it anew, for the open case.
        key: Of the button that does so.
    """
    if job.unsettled:
        poll(_until_settled, job, doing, every=POLL_SECONDS)
    elif job.status != "done":
        st.error(f"{doing} failed: {job.error}", icon=":material/error:")
        st.button("Try again", key=key, icon=":material/refresh:", on_click=on_open_case(again))
    return job.status == "done"


def _until_settled(job: Job, doing: str) -> None:
    if not job.unsettled:
        st.rerun()
    place = place_of([job])
    _bar(job, doing, "waiting" if place is None else f"waiting, {place.words}")


def _bar(job: Job, doing: str, waiting: str = "waiting") -> None:
    state = waiting if job.status == "waiting" else f"{100 * job.progress:.0f} %"
    st.progress(job.progress, f"{doing}: {state}")


def _unanswered(jobs: dict[str, Job]) -> None:
    cancelled = [PANEL_NAMES[name] for name, job in jobs.items() if job.status == "cancelled"]
    for name, job in jobs.items():
        if job.status == "failed":
            st.error(f"{PANEL_NAMES[name]}: {job.error}", icon=":material/error:")
    if cancelled:
        st.markdown(f"Cancelled: {', '.join(cancelled)}.")
    label = "Run again" if cancelled else "Try again"
    st.button(label, icon=":material/refresh:", on_click=on_open_case(_run_again))


def _run_again(opened: OpenCase) -> None:
    segmentation_jobs(opened, again=True)
