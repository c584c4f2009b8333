"""The models at work, for pages that need their answers and do not show them one by one."""

import streamlit as st

from workspace.jobs import Job
from workspace.open_case import OpenCase
from workspace.segmentations import (
    PANEL_NAMES,
    Answer,
    all_settled,
    finished,
    segmentation_jobs,
)

POLL_SECONDS = 0.7


def answers_so_far(opened: OpenCase) -> dict[str, Answer]:
    """What is there of the case; while more is to come, its progress stands on the page."""
    jobs = segmentation_jobs(opened)
    found = finished(jobs)
    if not all_settled(jobs):
        st.fragment(_progress, run_every=POLL_SECONDS)(opened, len(found))
    elif any(job.status != "done" for job in jobs.values()):
        _unanswered(opened, jobs)
    return found


def _progress(opened: OpenCase, found_before: int) -> None:
    jobs = segmentation_jobs(opened)
    if len(finished(jobs)) != found_before or all_settled(jobs):
        st.rerun()
    for name, job in jobs.items():
        if job.status in ("waiting", "running"):
            state = "waiting" if job.status == "waiting" else f"{100 * job.progress:.0f} %"
            st.progress(job.progress, f"{PANEL_NAMES[name]}: {state}")


def _unanswered(opened: OpenCase, jobs: dict[str, Job]) -> None:
    cancelled = [PANEL_NAMES[name] for name, job in jobs.items() if job.status == "cancelled"]
    for name, job in jobs.items():
        if job.status == "failed":
            st.error(f"{PANEL_NAMES[name]}: {job.error}", icon=":material/error:")
    if cancelled:
        st.markdown(f"Cancelled: {', '.join(cancelled)}.")
    label = "Run again" if cancelled else "Try again"
    st.button(label, icon=":material/refresh:", on_click=_run_again, args=[opened])


def _run_again(opened: OpenCase) -> None:
    segmentation_jobs(opened, again=True)
