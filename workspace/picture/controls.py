"""What a visitor chooses: the model, the image that is shown, the region and the slice."""

from typing import Final

import streamlit as st

from common.vocabulary import MODALITY_NAMES, REGIONS
from inference.network.segmentation import Segmentation
from model_zoo.registry import ModelContract
from workspace.display.page_frame import plain
from workspace.open_case import OpenCase
from workspace.picture.model_choice import first_choice, has_skull
from workspace.picture.slice_scores import areas
from workspace.session.widget_state import keep, prepare

_SHORT_NAMES: Final = {"wt": "Whole tumour", "tc": "Core", "et": "Enhancing"}
# What shows the tumour best, of what is there.
_SHOWN_FIRST: Final = ("flair", "t1c", "t2", "t1")


def slice_key(opened: OpenCase) -> str:
    """Of the slider that chooses the slice of a stack."""
    return f"picture-slice-{opened.key}"


def choose_model(opened: OpenCase, usable: dict[str, ModelContract]) -> str:
    """The model, kept from picture to picture, for heads with and without their skulls apart."""
    first = first_choice(opened, usable)
    key = prepare(f"picture-model-{'head' if has_skull(opened) else 'brain'}", first)
    if st.session_state[key] not in usable:
        st.session_state[key] = first
    titles = {name: contract.title for name, contract in usable.items()}
    return keep(key, st.selectbox("Model", list(usable), format_func=titles.get, key=key))


def choose_modality(opened: OpenCase) -> str:
    """The image that is shown, of those that are there."""
    present = [modality for modality in _SHOWN_FIRST if modality in opened.case.present]
    key = prepare("picture-modality", present[0])
    if st.session_state[key] not in present:
        st.session_state[key] = present[0]
    return keep(key, st.selectbox("Image", present, format_func=MODALITY_NAMES.get, key=key))


def choose_region(segmentation: Segmentation) -> str:
    """One of the regions that the model answers."""
    answered = [region for region in REGIONS if region in segmentation.regions]
    key = prepare("picture-region", answered[0])
    if st.session_state[key] not in answered:
        st.session_state[key] = answered[0]
    region = st.segmented_control(
        "Region", answered, required=True, format_func=_SHORT_NAMES.get, key=key
    )
    return keep(key, region or answered[0])


def choose_slice(opened: OpenCase, segmentation: Segmentation, region: str) -> int:
    """The slice that is shown; of a stack the visitor chooses it."""
    count = opened.case.shape[2]
    if count == 1:
        return 0
    region_areas = areas(segmentation.labels, region)
    largest = int(region_areas.argmax()) if region_areas.any() else count // 2
    key = prepare(slice_key(opened), largest + 1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = keep(key, st.slider("Slice", 1, count, key=key))
        st.button(
            "Largest tumour slice",
            icon=":material/target:",
            on_click=go_to,
            args=[key, largest],
            disabled=not region_areas.any(),
        )
    if opened.case.slice_names:
        st.caption(plain(opened.case.slice_names[number - 1]))
    return number - 1


def go_to(key: str, index: int) -> None:
    """Show the slice of an index, counted from 0, on the slider of this key."""
    st.session_state[key] = index + 1
