"""A slice as image, mask, overlay and probability, and its errors where there is a truth."""

from html import escape
from typing import Final

import numpy as np
import streamlit as st

from common.colours import LABEL_COLOURS
from common.labels import region_mask
from common.vocabulary import LABEL_NAMES, MODALITY_NAMES, REGION_NAMES, REGIONS
from inference.network.segmentation import Segmentation
from viewer.colour_maps import css_gradient
from workspace.case_results.case_record import images_of
from workspace.open_case import OpenCase
from workspace.picture.controls import go_to, slice_key
from workspace.picture.slice_pictures import CIVIDIS, CORRECT, EXTRA, MISSED, SlicePictures
from workspace.picture.slice_scores import Overlap, best_and_worst, scored_slices

# Of a stack, at either end.
_THUMBNAILS: Final = 3
_THUMBNAIL_WIDTH: Final = 240
_ALONE: Final = (
    "Every slice is read by itself, as a lone picture must be; the Compare page reads a stack as "
    "one scan and may draw other outlines."
)


def draw_panels(
    opened: OpenCase, segmentation: Segmentation, region: str, modality: str, index: int
) -> None:
    """Image, mask, overlay and probability of one slice, side by side."""
    pictures = SlicePictures(images_of(opened), modality, index)
    predicted = region_mask(segmentation.labels, region)
    probability = segmentation.probabilities[REGIONS.index(region)]
    panels = {
        MODALITY_NAMES[modality]: pictures.image,
        f"Mask: {REGION_NAMES[region].lower()}": pictures.mask(predicted),
        "Overlay": pictures.overlay(np.where(predicted, segmentation.labels, 0)),
        "Probability": pictures.probability(probability),
    }
    with st.container(key="slice-panels"):
        for column, (title, picture) in zip(st.columns(4), panels.items(), strict=True):
            with column:
                st.markdown(f"**{title}**")
                st.image(picture, width="stretch", alt=title)
                _key_of(title, segmentation)
    if opened.case.shape[2] > 1:
        st.caption(_ALONE)


def _key_of(title: str, segmentation: Segmentation) -> None:
    if title == "Overlay":
        _colours(
            {LABEL_COLOURS[label]: name for label, name in LABEL_NAMES.items()}
            if segmentation.regions == REGIONS
            else {LABEL_COLOURS[2]: REGION_NAMES["wt"]}
        )
    elif title == "Probability":
        st.html(
            '<div class="heat-key"><span>0</span>'
            f'<i style="background:{css_gradient(CIVIDIS)}"></i><span>100 %</span></div>'
        )


def _colours(names: dict[str, str]) -> None:
    marks = "".join(
        f'<span><i style="--colour:{colour}"></i>{escape(name)}</span>'
        for colour, name in names.items()
    )
    st.html(f'<div class="colour-key">{marks}</div>')


def compare_with_truth(
    opened: OpenCase, segmentation: Segmentation, region: str, modality: str, index: int
) -> None:
    """Errors in colour, scores, and of a stack its best and worst slices."""
    case = opened.case
    if case.truth is None:
        return
    st.subheader("Against the truth")
    if region not in case.truth_regions:
        st.markdown(f"The truth does not mark the {REGION_NAMES[region].lower()}.")
        return
    predicted, true = (region_mask(labels, region) for labels in (segmentation.labels, case.truth))
    pictures = SlicePictures(images_of(opened), modality, index)
    with st.container(key="truth-panels"):
        errors, expert, numbers = st.columns([1, 1, 2])
        with errors:
            st.markdown("**Errors**")
            st.image(pictures.errors(predicted, true), width="stretch", alt="Errors in colour")
            _colours({MISSED: "Missed", EXTRA: "Extra", CORRECT: "Correct"})
        with expert:
            st.markdown("**Truth**")
            st.image(pictures.mask(true), width="stretch", alt="Mask of the truth")
        with numbers:
            _scores("This slice", Overlap.of(predicted[..., index], true[..., index]))
            if case.shape[2] > 1:
                _scores(f"All {case.shape[2]} slices together", Overlap.of(predicted, true))
            st.caption("Dice and IoU are 1 where neither holds anything, 0 where only one does.")
    if case.shape[2] > 1:
        _extremes(opened, predicted, true, modality)


def _scores(what: str, found: Overlap) -> None:
    st.markdown(
        f"**{what}**: Dice {found.dice:.2f}, IoU {found.iou:.2f}; "
        f"{found.missed} pixels missed, {found.extra} extra."
    )


def _extremes(opened: OpenCase, predicted: np.ndarray, true: np.ndarray, modality: str) -> None:
    scores, images = scored_slices(predicted, true), images_of(opened)
    best, worst = best_and_worst(scores, _THUMBNAILS)
    for place, (title, slices) in zip(
        st.columns(2, gap="large"),
        {"Best slices": best, "Worst slices": worst}.items(),
        strict=True,
    ):
        with place, st.container(key=title.lower().replace(" ", "-")):
            st.markdown(f"**{title}**" if slices else f"**{title}**: too few hold any tumour.")
            for column, index in zip(st.columns(_THUMBNAILS), slices, strict=False):
                images = images_of(opened)
                small = SlicePictures(
                    images, modality, index, width=_THUMBNAIL_WIDTH, letters=False
                )
                picture = small.errors(predicted, true)
                column.image(picture, width="stretch", alt=f"Errors in slice {index + 1}")
                column.button(
                    f"{index + 1}: Dice {scores[index].dice:.2f}",
                    help=f"Go to slice {index + 1}",
                    on_click=go_to,
                    args=[slice_key(opened), index],
                    width="stretch",
                )
