"""All models on the same slice of the open case, side by side."""

import pandas as pd
import streamlit as st

from viewer import Panel, compare_view, panels_payload
from workspace.frame import case_line, case_notes, plain
from workspace.models import source_lines
from workspace.numbers import number_rows
from workspace.open_case import SAMPLE, OpenCase, current_case, open_sample
from workspace.segmentations import (
    Answer,
    all_settled,
    finished,
    panels,
    segmentation_jobs,
)
from workspace.start import CASE_PARAMETER

POLL_SECONDS = 0.4
CONVENTION = (
    "Dice per patient over the whole volume: 1 when both are empty, 0 when one is. WT whole "
    "tumour, TC tumour core, ET enhancing tumour. Time from the files to the label map, without "
    "loading the model."
)


def main() -> None:
    opened = current_case()
    if st.query_params.get(CASE_PARAMETER) == SAMPLE and not (opened and opened.synthetic):
        with st.spinner("Reading the sample …"):
            opened = open_sample()
    if opened is None:
        _nothing_open()
        return
    settled = all_settled(segmentation_jobs(opened))
    # A fragment redraws itself alone while the models work, and rests when they are done.
    st.fragment(_comparison, run_every=None if settled else POLL_SECONDS)(opened, settled)


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
    case_line(opened)
    case_notes(opened)
    _view(opened, panels(opened, jobs, probabilities=was_settled))
    if any(job.status == "failed" for job in jobs.values()):
        st.button("Try again", icon=":material/refresh:", on_click=_try_again, args=[opened])
    _numbers(opened, finished(jobs))
    if all_settled(jobs) and not was_settled:
        st.rerun()


def _try_again(opened: OpenCase) -> None:
    segmentation_jobs(opened, again=True)


def _view(opened: OpenCase, shown: list[Panel]) -> None:
    case = opened.case
    affine = case.grid.ras_affine if case.voxel_size_known else None
    compare_view(opened.scan, panels_payload(shown), key="compare", affine=affine)


def _numbers(opened: OpenCase, answers: dict[str, Answer]) -> None:
    if not answers:
        return
    table = pd.DataFrame(number_rows(opened, answers))
    places = {"ml": 1, "pixels": 0}
    decimals = {name: f"{{:.{places.get(name.split()[-1], 2)}f}}" for name in table.columns[1:]}
    st.dataframe(table.style.format(decimals), hide_index=True, placeholder="–")
    st.caption(CONVENTION)
    origins = [(name, answer.segmentation.weights) for name, answer in answers.items()]
    for line in source_lines(origins):
        st.caption(plain(line))


main()
