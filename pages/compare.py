"""All models on the same slice of the open case, side by side."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from viewer import Panel, compare_view, panels_payload
from workspace.differences import differences_of
from workspace.distances import distance_jobs
from workspace.empty import nothing_open
from workspace.entry import enter_by_app
from workspace.frame import case_line, more_notes, plain, short_notes
from workspace.jobs import Job
from workspace.models import source_lines
from workspace.numbers import number_rows, time_rows, written
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
from workspace.tables import figures_table

POLL_SECONDS = 0.4
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
    if st.query_params.get(CASE_PARAMETER) == SAMPLE and not (opened and opened.is_sample):
        with st.spinner("Reading the sample …"):
            opened = open_sample()
    if opened is None:
        st.title("Compare")
        nothing_open("The models will stand side by side here.")
        return
    work = _work(opened)
    # A fragment redraws itself alone while the models work, and rests when they are done. It is the
    # only one that polls: two that each ask for the whole page at once have left it waiting.
    st.fragment(_comparison, run_every=None if work.is_done else POLL_SECONDS)(opened, work.stage)
    _findings(opened, work)


@dataclass(frozen=True)
class Work:
    """What is being done for the open case, and how far it is.

    Args:
        jobs: The models'.
        distances: Those of HD95, which begin when the models are settled.
    """

    jobs: dict[str, Job]
    distances: dict[str, Job]

    @property
    def stage(self) -> list[bool]:
        """What is unsettled: another list when more has to change on the page than progress."""
        return [job.unsettled for job in (*self.jobs.values(), *self.distances.values())]

    @property
    def is_done(self) -> bool:
        return not any(self.stage)


def _work(opened: OpenCase) -> Work:
    jobs = segmentation_jobs(opened, quick_look=True)
    return Work(jobs, distance_jobs(opened, finished(jobs)) if all_settled(jobs) else {})


def _comparison(opened: OpenCase, drawn: list[bool]) -> None:
    """The pictures; asks for the whole page when the work has come to another stage than drawn."""
    work = _work(opened)
    with st.container(key="case_row", horizontal=True, vertical_alignment="center"):
        case_line(opened)
        _controls(opened, work.jobs)
        more_notes(opened)
    short_notes(opened)
    # Probabilities are large: they follow when nobody waits for a label map any more.
    calm = all_settled(work.jobs) and work.stage == drawn
    _view(opened, panels(opened, work.jobs, probabilities=calm))
    if work.stage != drawn:
        st.rerun()


def _controls(opened: OpenCase, jobs: dict[str, Job]) -> None:
    states = {job.status for job in jobs.values()}
    if not all_settled(jobs):
        st.button("Cancel", icon=":material/close:", on_click=cancel, args=[opened])
    elif states & {"failed", "cancelled"}:
        label = "Run again" if "cancelled" in states else "Try again"
        st.button(label, icon=":material/refresh:", on_click=_run_again, args=[opened])


def _run_again(opened: OpenCase) -> None:
    segmentation_jobs(opened, again=True, quick_look=True)


def _view(opened: OpenCase, shown: list[Panel]) -> None:
    case = opened.case
    affine = case.grid.ras_affine if case.voxel_size_known else None
    compare_view(opened.scan, panels_payload(shown), key="compare", affine=affine)


def _findings(opened: OpenCase, work: Work) -> None:
    """What is said of the models by name, and so not while their names are hidden."""
    answers = finished(work.jobs)
    if not answers:
        return
    with st.container(key="blind_compare"):
        st.caption(BLIND)
    with st.container(key="named_compare"):
        words = st.container()
        _numbers(opened, answers, work.distances)
        if all_settled(work.jobs):
            _differences(words, opened, answers)


def _differences(place: DeltaGenerator, opened: OpenCase, answers: dict[str, Answer]) -> None:
    told = differences_of(opened, answers)
    if told:
        place.subheader("Where the models differ")
        place.markdown("\n".join(f"- {plain(text)}" for text in told.values()))


def _numbers(opened: OpenCase, answers: dict[str, Answer], distances: dict[str, Job]) -> None:
    hd95_mm = {name: job.result for name, job in distances.items() if job.status == "done"}
    figures_table(written(number_rows(opened, answers, hd95_mm)))
    st.caption(CONVENTION)
    if not all_settled(distances):
        st.caption("HD95 is being measured …")
    for job in distances.values():
        if job.status == "failed":
            st.error(f"HD95 could not be measured: {job.error}", icon=":material/error:")
    with st.expander("Time by part, in seconds"):
        figures_table(written(time_rows(answers)))
    origins = [(name, answer.segmentation.weights) for name, answer in answers.items()]
    for line in source_lines(origins):
        st.caption(plain(line))


enter_by_app()
main()
