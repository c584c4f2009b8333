"""Brain and tumour as surfaces that can be turned, of one or several models."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from common.colours import PANEL_COLOURS
from common.vocabulary import CONSENSUS, LABEL_NAMES, REGION_NAMES, TRUTH
from report.rounding import three_figures
from scene.cameras import camera_controls
from scene.figure import Body, scene_figure
from workspace.case_results.surfaces import beside_each_other, overlaid
from workspace.display.empty_state import nothing_open
from workspace.display.frames_choice import frames_choice
from workspace.display.page_frame import case_line, case_notes
from workspace.display.webgl import note_without_webgl
from workspace.jobs.segmentation import PANEL_NAMES, Answer
from workspace.jobs.waiting import answers_so_far
from workspace.models.panel_colours import colour_key
from workspace.open_case import OpenCase, current_case
from workspace.own_frames import as_shown
from workspace.session.page_redirect import enter_by_app
from workspace.session.widget_state import keep, prepare

BESIDE, OVERLAID = "Side by side", "Overlaid"
HEIGHT = 380
OVERLAID_HEIGHT = 620
MOST_PANELS = 4


def main() -> None:
    st.title("3D")
    opened = current_case()
    if opened is None:
        nothing_open("Brain and tumour will turn here.")
        return
    with st.spinner("Reading the sequences as they came …"):
        shown = as_shown(opened)
    case_line(shown)
    frames_choice(opened)
    case_notes(shown)
    if opened.case.shape[2] == 1:
        st.markdown("This case is a single slice; a surface needs a scan of several slices.")
        return
    available = _available(shown, answers_so_far(opened, shown))
    if not available:
        st.markdown("The scene appears when the first model has answered.")
        return
    _scene(shown, available)


def _available(opened: OpenCase, answers: Mapping[str, Answer]) -> dict[str, Answer | None]:
    """The truth, which is no answer, then the answers in the order of every page."""
    truth = {} if opened.case.truth is None else {TRUTH: None}
    return truth | {name: answers[name] for name in PANEL_NAMES if name in answers}


def _scene(opened: OpenCase, available: dict[str, Answer | None]) -> None:
    shown = _chosen(opened, available)
    # Side by side where there is room, and no taller than they must be on a phone.
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        mode = _one_of("Layout", {BESIDE: BESIDE, OVERLAID: OVERLAID})
        chosen = _parts() if mode == BESIDE else _one_of("Region", REGION_NAMES)
        key = prepare("brain-3d", 15)
        brain = st.slider("Brain opacity, %", 0, 60, step=5, key=key, width=260)
        brain = keep(key, brain) / 100
        st.html(camera_controls(), width="content", unsafe_allow_javascript=True)
    maps = {name: _labels(opened, available[name]) for name in shown}
    if not maps:
        st.markdown("Choose what to show.")
        return
    note_without_webgl()
    with st.spinner("Building the surfaces …"):
        if mode == BESIDE:
            _beside(opened, available, beside_each_other(opened, maps, chosen, brain))
        else:
            label_maps = [
                (name, PANEL_NAMES[name], PANEL_COLOURS[name], maps[name]) for name in shown
            ]
            st.html(colour_key({name: PANEL_NAMES[name] for name in shown}))
            _chart(overlaid(opened, label_maps, chosen, brain), "overlaid", OVERLAID_HEIGHT)
    together = ", and all turn together" if mode == BESIDE and len(maps) > 1 else ""
    st.container(key="scene-how-to").caption(  # goes with the scenes, where there is no WebGL
        f"Drag to turn, scroll to zoom{together}; the buttons look from a side. R right, L left, "
        f"A front, P back, S up, I down; {_scale(opened)}. Surfaces are smoothed a little and keep "
        "their volume: measure on the slices, not here."
    )


def _scale(opened: OpenCase) -> str:
    if opened.case.voxel_size_known:
        return "in mm from the scan's own header"
    return "drawn as if slices were one pixel apart and the last were on top, which no file states"


def _one_of(label: str, names: Mapping[str, str]) -> str:
    key = prepare(f"{label}-3d", next(iter(names)))
    chosen = st.segmented_control(
        label,
        list(names),
        required=True,
        format_func=names.get,
        key=key,
        label_visibility="collapsed",
    )
    return keep(key, chosen or next(iter(names)))


def _parts() -> list[int]:
    key = prepare("parts-3d", list(LABEL_NAMES))
    chosen = st.pills(
        "Tumour",
        list(LABEL_NAMES),
        selection_mode="multi",
        format_func=LABEL_NAMES.get,
        key=key,
        label_visibility="collapsed",
    )
    return keep(key, chosen)


def _chosen(opened: OpenCase, available: dict[str, Answer | None]) -> list[str]:
    options = list(available)
    # Remembered is what was switched off: a model that arrives is shown, and what was chosen stays.
    off = st.session_state.setdefault(f"off-3d-{opened.key}", {CONSENSUS})
    key = f"shown-3d-{opened.key}-{len(options)}"
    if key not in st.session_state:
        st.session_state[key] = [name for name in options if name not in off]
    chosen = st.pills(
        "Shown",
        options,
        selection_mode="multi",
        format_func=PANEL_NAMES.get,
        key=key,
        label_visibility="collapsed",
    )
    off.difference_update(chosen)
    off.update(name for name in options if name not in chosen)
    if len(chosen) > MOST_PANELS:
        st.caption(f"The first {MOST_PANELS} are shown.")
    return [name for name in options if name in chosen][:MOST_PANELS]


def _labels(opened: OpenCase, answer: Answer | None) -> np.ndarray:
    return opened.case.truth if answer is None else answer.segmentation.labels


def _beside(
    opened: OpenCase, available: dict[str, Answer | None], scenes: dict[str, list[Body]]
) -> None:
    for column, (name, bodies) in zip(st.columns(len(scenes)), scenes.items(), strict=True):
        answer = available[name]
        volumes = opened.truth_volume_ml if answer is None else answer.volume_ml
        with column:
            _chart(bodies, name, HEIGHT)
            st.markdown(f"**{PANEL_NAMES[name]}** · {three_figures(volumes['wt'])} ml")


def _chart(bodies: list[Body], key: str, height: int) -> None:
    if not bodies:
        st.markdown("Nothing of what is switched on is here.")
        return
    st.plotly_chart(
        scene_figure(bodies, height=height),
        key=f"scene-{key}",
        theme=None,
        config={"displaylogo": False, "displayModeBar": False, "scrollZoom": True},
    )


enter_by_app()
main()
