"""All models on the same slice of the open case, side by side."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from inference.analysis.caveats import core_remark
from viewer import Panel, compare_view, panels_payload, tell_progress
from workspace.case_results.model_differences import differences_of
from workspace.display.empty_state import nothing_open
from workspace.display.frames_choice import frames_choice
from workspace.display.page_frame import case_line, more_notes, plain, short_notes
from workspace.display.score_rows import number_rows, time_rows, written
from workspace.display.tables import figures_table
from workspace.jobs.on_frames import on_shown_frames
from workspace.jobs.polling import poll
from workspace.jobs.queue.job import Job
from workspace.jobs.queue.queue_place import place_of
from workspace.jobs.segmentation import (
    PANEL_NAMES,
    Answer,
    all_settled,
    cancel,
    finished,
    packing_job,
    panels,
    quick_look_job,
    segmentation_jobs,
)
from workspace.jobs.surface_distance import distance_jobs
from workspace.models.loaded_models import source_lines
from workspace.open_case import (
    SAMPLE,
    OpenCase,
    current_case,
    on_open_case,
    open_sample,
)
from workspace.own_frames import as_shown, frames_of
from workspace.session.landing import CASE_PARAMETER
from workspace.session.page_redirect import enter_by_app

POLL_SECONDS = 0.4
VIEW = "compare"
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
    shown = _shown(opened)
    work = _work(opened, shown)
    turn = _comparison(opened, shown, work)
    _findings(shown, work)
    if not work.is_done:
        with turn:
            poll(_progress, opened, shown, work.stage, every=POLL_SECONDS)


def _shown(opened: OpenCase) -> OpenCase:
    if not frames_of(opened):
        return opened
    with st.spinner("Reading the sequences as they came …"):
        return as_shown(opened)


@dataclass(frozen=True)
class Work:
    """What is being done for the open case, and how far it is.

    Args:
        jobs: The models', with their answers on the frames that are shown.
        quick_look: Drawn before them, where one of them is still to begin.
        packing: Of their probabilities, which begins when the models are settled.
        distances: Those of HD95, which begin then too.
    """

    jobs: dict[str, Job]
    quick_look: Job | None
    packing: Job | None
    distances: dict[str, Job]

    @property
    def afterwards(self) -> list[Job]:
        """What begins when the models are settled."""
        return [*([self.packing] if self.packing else []), *self.distances.values()]

    @property
    def stage(self) -> list[bool]:
        """What is unsettled: another list when more has to change on the page than progress."""
        quick_look = [self.quick_look] if self.quick_look else []
        return [job.unsettled for job in (*self.jobs.values(), *quick_look, *self.afterwards)]

    @property
    def is_done(self) -> bool:
        """Whether nothing that is shown can still change by itself."""
        return not any(self.stage)


def _work(opened: OpenCase, shown: OpenCase, *, again: bool = False) -> Work:
    predicted = segmentation_jobs(opened, again=again, quick_look=True)
    jobs = on_shown_frames(shown, predicted, again=again)
    quick_look = quick_look_job(opened)
    answers = finished(jobs) if all_settled(jobs) else {}
    if not answers:
        return Work(jobs, quick_look, None, {})
    packing = packing_job(shown, answers, again=again)
    return Work(jobs, quick_look, packing, distance_jobs(shown, answers, again=again))


def _progress(opened: OpenCase, shown: OpenCase, drawn: list[bool]) -> None:
    """Asks for the whole page when the work has come to another stage than what is drawn."""
    work = _work(opened, shown)
    if work.stage != drawn:
        st.rerun()
    place = place_of(work.jobs.values())
    if place is not None:
        st.caption(place.words.capitalize(), width="content")
    under_way = {name: job for name, job in work.jobs.items() if job.unsettled}
    tell_progress({name: (job.status, job.progress) for name, job in under_way.items()}, key=VIEW)


def _comparison(opened: OpenCase, shown: OpenCase, work: Work) -> DeltaGenerator:
    """What is compared; gives the place, beside what cancels it, where its turn is said."""
    with st.container(key="case_row", horizontal=True, vertical_alignment="center"):
        case_line(shown)
        frames_choice(opened)
        turn = st.container(width="content", gap=None)
        _controls(work)
        more_notes(shown)
    short_notes(shown)
    # Probabilities are large: they follow when nobody waits for a label map any more.
    packed = work.packing is not None and work.packing.status == "done"
    _view(shown, panels(shown, work.jobs, probabilities=packed))
    return turn


def _controls(work: Work) -> None:
    states = {job.status for job in work.jobs.values()} | {job.status for job in work.afterwards}
    if not all_settled(work.jobs):
        st.button("Cancel", icon=":material/close:", on_click=on_open_case(cancel))
    elif states & {"failed", "cancelled"}:
        label = "Run again" if "cancelled" in states else "Try again"
        st.button(label, icon=":material/refresh:", on_click=on_open_case(_run_again))


def _run_again(opened: OpenCase) -> None:
    _work(opened, as_shown(opened), again=True)


def _view(opened: OpenCase, shown: list[Panel]) -> None:
    case = opened.case
    affine = case.grid.ras_affine if case.voxel_size_known else None
    compare_view(
        opened.scan,
        panels_payload(shown),
        key=VIEW,
        affine=affine,
        brain=opened.brain,
        place=opened.place,
    )


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
        if work.packing is not None and work.packing.status == "failed":
            st.error(
                f"The probabilities cannot be shown: {work.packing.error}", icon=":material/error:"
            )
        if all_settled(work.jobs):
            _differences(words, opened, answers)


def _differences(place: DeltaGenerator, opened: OpenCase, answers: dict[str, Answer]) -> None:
    differences = differences_of(opened, answers)
    if differences:
        place.subheader("Where the models differ")
        place.markdown("\n".join(f"- {plain(text)}" for text in differences.values()))


def _numbers(opened: OpenCase, answers: dict[str, Answer], distances: dict[str, Job]) -> None:
    hd95_mm = {name: job.result for name, job in distances.items() if job.status == "done"}
    figures_table(written(number_rows(opened, answers, hd95_mm)))
    estimated = [name for name, each in answers.items() if each.segmentation.core_is_estimated]
    if remark := core_remark(PANEL_NAMES[name] for name in estimated):
        st.info(plain(remark), icon=":material/info:")
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
