"""All models on the same slice of the open case, side by side."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viewer import Panel, compare_view, panels_payload
from workspace.differences import differences_of
from workspace.distances import distance_jobs
from workspace.entry import enter_by_app
from workspace.frame import case_line, more_notes, plain, short_notes
from workspace.jobs import Job
from workspace.models import source_lines
from workspace.numbers import Row, number_rows, time_rows
from workspace.open_case import SAMPLE, OpenCase, current_case, open_sample
from workspace.segmentations import (
    Answer,
    all_settled,
    cancel,
    finished,
    panels,
    segmentation_jobs,
)
from workspace.start import CASE_PARAMETER

POLL_SECONDS = 0.4
POLL_SECONDS_OF_FINDINGS = 1.0
CONVENTION = (
    "Dice and HD95 per patient over the whole volume. Both empty: Dice 1, HD95 0 mm; one empty: "
    "Dice 0, HD95 374 mm (BraTS). WT whole tumour, TC tumour core, ET enhancing tumour. Time from "
    "the files to the label map, without loading the model; the consensus takes all models' time."
)
BLIND = (
    "The models' names are hidden, and so is all that tells them apart. Press H over the "
    "pictures, or the mask above them, to reveal both."
)


def main() -> None:
    opened = current_case()
    if st.query_params.get(CASE_PARAMETER) == SAMPLE and not (opened and opened.synthetic):
        with st.spinner("Reading the sample …"):
            opened = open_sample()
    if opened is None:
        _nothing_open()
        return
    jobs = segmentation_jobs(opened)
    settled = all_settled(jobs)
    # A fragment redraws itself alone while the models work, and rests when they are done.
    st.fragment(_comparison, run_every=None if settled else POLL_SECONDS)(opened, settled)
    known = settled and all_settled(distance_jobs(opened, finished(jobs)))
    st.fragment(_findings, run_every=None if known else POLL_SECONDS_OF_FINDINGS)(opened, known)


def _nothing_open() -> None:
    st.title("Compare")
    st.markdown("No case is open yet.")
    if st.button("Open the sample", type="primary", icon=":material/play_arrow:"):
        open_sample()
        st.rerun()
    if st.button("Open your own files", icon=":material/folder_open:"):
        st.switch_page("pages/open.py")


def _comparison(opened: OpenCase, was_settled: bool) -> None:
    jobs = segmentation_jobs(opened)
    with st.container(key="case_row", horizontal=True, vertical_alignment="center"):
        case_line(opened)
        _controls(opened, jobs)
        more_notes(opened)
    short_notes(opened)
    _view(opened, panels(opened, jobs, probabilities=was_settled))
    if all_settled(jobs) != was_settled:
        st.rerun()


def _controls(opened: OpenCase, jobs: dict[str, Job]) -> None:
    states = {job.status for job in jobs.values()}
    if not all_settled(jobs):
        st.button("Cancel", icon=":material/close:", on_click=cancel, args=[opened])
    elif states & {"failed", "cancelled"}:
        label = "Run again" if "cancelled" in states else "Try again"
        st.button(label, icon=":material/refresh:", on_click=_run_again, args=[opened])


def _run_again(opened: OpenCase) -> None:
    segmentation_jobs(opened, again=True)


def _view(opened: OpenCase, shown: list[Panel]) -> None:
    case = opened.case
    affine = case.grid.ras_affine if case.voxel_size_known else None
    compare_view(opened.scan, panels_payload(shown), key="compare", affine=affine)


def _findings(opened: OpenCase, were_known: bool) -> None:
    """What is said of the models by name, and so not while their names are hidden."""
    jobs = segmentation_jobs(opened)
    answers, settled = finished(jobs), all_settled(jobs)
    distances = distance_jobs(opened, answers) if settled else {}
    if answers:
        with st.container(key="blind_compare"):
            st.caption(BLIND)
        with st.container(key="named_compare"):
            words = st.container()
            _numbers(opened, answers, distances)
            if settled:
                _differences(words, opened, answers)
    if (settled and all_settled(distances)) != were_known:
        st.rerun()


def _differences(place: DeltaGenerator, opened: OpenCase, answers: dict[str, Answer]) -> None:
    told = differences_of(opened, answers)
    if told:
        place.subheader("Where the models differ")
        place.markdown("\n".join(f"- {plain(text)}" for text in told.values()))


def _numbers(opened: OpenCase, answers: dict[str, Answer], distances: dict[str, Job]) -> None:
    hd95_mm = {name: job.result for name, job in distances.items() if job.status == "done"}
    _table(number_rows(opened, answers, hd95_mm))
    st.caption(CONVENTION)
    if not all_settled(distances):
        st.caption("HD95 is being measured …")
    for job in distances.values():
        if job.status == "failed":
            st.error(f"HD95 could not be measured: {job.error}", icon=":material/error:")
    with st.expander("Time by part, in seconds"):
        _table(time_rows(answers))
    origins = [(name, answer.segmentation.weights) for name, answer in answers.items()]
    for line in source_lines(origins):
        st.caption(plain(line))


def _table(rows: list[Row]) -> None:
    table = pd.DataFrame(rows)
    places = {"ml": 1, "mm": 1, "pixels": 0}
    decimals = {name: f"{{:.{places.get(name.split()[-1], 2)}f}}" for name in table.columns[1:]}
    # On a phone the table scrolls sideways, and a row must keep its name.
    columns = {"Model": st.column_config.TextColumn(width=130, pinned=True)}
    shown = table.style.format(decimals)
    st.dataframe(shown, column_config=columns, hide_index=True, placeholder="–")


enter_by_app()
main()
