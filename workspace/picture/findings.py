"""How much of a slice is drawn, and what that means."""

import streamlit as st

from common.vocabulary import MODALITY_NAMES, REGION_NAMES
from inference.network.segmentation import Segmentation
from model_zoo.registry import ModelContract
from report.rounding import three_figures
from workspace.open_case import OpenCase
from workspace.picture.model_choice import shown_to
from workspace.picture.slice_scores import areas, head_pixels
from workspace.picture.verdicts import cost_of_missing, threshold_of, verdict


def show_findings(
    opened: OpenCase, contract: ModelContract, segmentation: Segmentation, region: str, index: int
) -> None:
    """How much is drawn, and what that means."""
    case, checksum = opened.case, segmentation.weights.sha256
    head = int(head_pixels(opened.prepared, case.shape[2])[index])
    shown = shown_to(contract, case.present)
    if not head:
        st.markdown("This slice is empty, so nothing was read.")
        return
    pixels = {each: int(areas(segmentation.labels, each)[index]) for each in (region, "wt")}
    threshold = threshold_of(contract.name, checksum, shown)
    statement = f"{REGION_NAMES[region]}: {pixels[region]} of {head} pixels of the head"
    if threshold is None or region != "wt":
        statement += f", {three_figures(100 * pixels[region] / head, decimals=2)}\u00a0%"
    if threshold is None:
        st.markdown(
            f"**No verdict**: how much of the head {contract.title} draws on slices without "
            "tumour was not measured for these modalities."
        )
    else:
        st.markdown(verdict(100 * pixels["wt"] / head, threshold))
    st.markdown(f"{statement}.")
    missing = [each for each in contract.modalities if each not in shown]
    if missing:
        names = ", ".join(MODALITY_NAMES[each] for each in missing)
        cost = cost_of_missing(contract.name, checksum, contract.modalities, shown)
        st.warning(
            f"{contract.title} also reads {names}, not given: zeros stand there. {cost}",
            icon=":material/layers_clear:",
        )
