"""How far the readings of the open case agree, and what the models looked at."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from common.colours import PANEL_COLOURS
from common.vocabulary import CONSENSUS, MODALITY_NAMES, REGION_NAMES, REGIONS
from model_zoo.registry import ALL_MODELS
from report.drawing.planes import PLANES, largest_slice
from viewer.colour_maps import MAGMA, css_gradient
from viewer.heat import HeatMap, heat_view
from viewer.panels import Panel
from workspace.case_results.case_record import images_of
from workspace.display.empty_state import nothing_open
from workspace.display.explanation_pictures import OUTLINE, explanation_picture
from workspace.display.page_frame import case_line, case_notes
from workspace.display.tables import figures_table
from workspace.jobs.explanation import can_explain, drawn_masks, explained_slices, explanation_job
from workspace.jobs.segmentation import PANEL_NAMES, Answer, finished, segmentation_jobs
from workspace.jobs.uncertainty import (
    Certainty,
    agreement_rows,
    certainty_job,
    likely_seconds,
    reading_rows,
    standing_job,
)
from workspace.jobs.waiting import answers_so_far, is_done
from workspace.open_case import OpenCase, current_case, on_open_case
from workspace.session.page_redirect import enter_by_app
from workspace.session.widget_state import keep, prepare

IN_THREE = "the three models, each on the scan and on its left-right mirror image"
WHAT_IT_IS_NOT = (
    "Agreement is not correctness: the models learned from the same patients and make the same "
    "mistakes, which no map here can show. Where the map is dark they agree, and may all be wrong."
)
MAPS = (
    (
        "uncertainty",
        "Uncertainty",
        "how undecided the six readings are together",
        "Decided",
        "50:50",
    ),
    (
        "disagreement",
        "Disagreement",
        "the part of it that comes from contradiction",
        "None",
        "Half against half",
    ),
    ("mean", "Mean probability", "the mean of the six readings", "0", "100 %"),
)
HOW_TO_READ = (
    "Uncertainty is the entropy of the mean probability: bright where yes and no are as likely. "
    "Disagreement is the part of it that is there because the readings contradict one another "
    "(mutual information); the rest is there because each of them is undecided itself."
)
WHAT_IS_SHOWN = (
    "Bright: U-Net and ResNet34 U-Net, the places that speak for what is outlined (Grad-CAM); "
    "TransUNet, the places from which the outlined part took its content, whatever for (attention "
    "rollout). Each picture has its own scale, and cells of 8 × 8 voxels, for TransUNet 16 × 16. "
    "It shows where a model looked, not why, and not that it is right."
)
# Short enough for three of them to stand in a row on a phone.
SHORT_NAMES = {"wt": "Whole tumour", "tc": "Core", "et": "Enhancing"}
# The modality a region is drawn by, where it was given.
SHOWN_ON = {"wt": "flair", "tc": "t1c", "et": "t1c"}


def main() -> None:
    st.title("Uncertainty")
    opened = current_case()
    if opened is None:
        nothing_open("How far the models agree on it will be here.")
        return
    case_line(opened)
    case_notes(opened)
    answers = answers_so_far(opened)
    if CONSENSUS not in answers:
        st.markdown("This begins when all three models have answered.")
        return
    _certainty(opened, answers)
    _explanations(opened, answers)


def _certainty(opened: OpenCase, answers: Mapping[str, Answer]) -> None:
    st.subheader("How sure is it?")
    if standing_job(opened) is None:
        _offer(answers)
        return
    job = certainty_job(opened, answers)
    again = partial(_compare_readings, again=True)
    if is_done(job, "Reading the mirror image", again=again, key="again-certainty"):
        _agreement(opened, answers[CONSENSUS], job.result)


def _offer(answers: Mapping[str, Answer]) -> None:
    seconds = max(1, round(likely_seconds(answers)))
    st.markdown(
        f"Six readings are compared: {IN_THREE}. The models have read the scan; the mirror image "
        f"takes about as long again, here some {seconds} s."
    )
    st.button(
        "Compare six readings",
        type="primary",
        icon=":material/flip:",
        on_click=on_open_case(_compare_readings),
    )


def _compare_readings(opened: OpenCase, *, again: bool = False) -> None:
    answers = finished(segmentation_jobs(opened))
    if CONSENSUS in answers:
        certainty_job(opened, answers, again=again)


def _agreement(opened: OpenCase, consensus: Answer, certainty: Certainty) -> None:
    st.markdown(" ".join(certainty.sentences))
    st.caption(f"The readings: {IN_THREE}. {WHAT_IT_IS_NOT}")
    outlined = Panel(
        CONSENSUS,
        "The consensus of the three models, outlined",
        PANEL_COLOURS[CONSENSUS],
        labels=consensus.segmentation.labels,
    )
    maps = [
        HeatMap(key, name, about, low, high, certainty.maps[key])
        for key, name, about, low, high in MAPS
    ]
    heat_view(opened.scan, outlined, maps, key="uncertainty", start=certainty.start)
    st.caption(HOW_TO_READ)
    figures_table(agreement_rows(opened, certainty))
    with st.expander("The six readings one by one"):
        figures_table(reading_rows(opened, certainty))


def _explanations(opened: OpenCase, answers: Mapping[str, Answer]) -> None:
    st.subheader("What did the models look at?")
    if not can_explain():
        st.markdown("Showing it needs PyTorch, which is not installed on this server.")
        return
    started = f"look-{opened.key}"
    if not st.session_state.get(started):
        st.markdown("For a slice and a region, what each model drew it by: some seconds a slice.")
        st.button("Show it", icon=":material/center_focus_strong:", on_click=_start, args=[started])
        return
    index, region = _chosen(opened, answers)
    job = explanation_job(opened, answers, index)
    again = partial(_look_again, index=index)
    if not is_done(job, "Looking", again=again, key="again-explanation"):
        return
    present = opened.case.present
    modality = SHOWN_ON[region] if SHOWN_ON[region] in present else present[0]
    for column, name in zip(st.columns(len(ALL_MODELS)), ALL_MODELS, strict=True):
        predicted = drawn_masks(opened, answers[name], index)[region]
        heat = job.result[name, region]
        with column:
            picture = explanation_picture(images_of(opened), modality, index, heat, predicted)
            st.image(picture, width="stretch")
            st.markdown(
                _caption(name, region, predicted=bool(predicted.any()), found=heat is not None)
            )
    _legend(modality)
    st.caption(WHAT_IS_SHOWN)


def _look_again(opened: OpenCase, index: int) -> None:
    answers = finished(segmentation_jobs(opened))
    if CONSENSUS in answers:
        explanation_job(opened, answers, index, again=True)


def _start(started: str) -> None:
    st.session_state[started] = True


def _chosen(opened: OpenCase, answers: Mapping[str, Answer]) -> tuple[int, str]:
    left, right = st.columns([2, 3], gap="large")
    with left:
        key = prepare("look-region", REGIONS[0])
        region = st.segmented_control(
            "Region", REGIONS, required=True, format_func=SHORT_NAMES.get, key=key
        )
        region = keep(key, region or REGIONS[0])
    slices = explained_slices(opened)
    if len(slices) == 1:
        return slices[0], region
    with right:
        maps = [answers[name].segmentation.labels for name in ALL_MODELS]
        largest = largest_slice(maps, PLANES["axial"], opened.prepared.box)
        key = prepare(f"look-slice-{opened.key}", largest + 1)
        number = keep(key, st.slider("Slice", slices[0] + 1, slices[-1] + 1, key=key))
    return number - 1, region


def _caption(name: str, region: str, *, predicted: bool, found: bool) -> str:
    title = f"**{PANEL_NAMES[name]}**"
    if not predicted:
        return f"{title} draws no {REGION_NAMES[region].lower()} in this slice."
    if not found:
        return f"{title}: nothing at this level speaks for it."
    return f"{title}, {'attention' if name == 'transunet' else 'Grad-CAM'}"


def _legend(modality: str) -> None:
    bar = f"display:inline-block;width:110px;height:10px;background:{css_gradient(MAGMA)}"
    st.html(
        f'Least <span style="{bar}"></span> most in this picture &emsp; '
        f'<span style="color:{OUTLINE}">▢</span> what the model drew &emsp; '
        f"On the {MODALITY_NAMES[modality]}, patient's right on the left"
    )


enter_by_app()
main()
