"""How the models differ on the open case, in words, for any page."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from report.differences import Scale, difference_sentences
from workspace.colours import CONSENSUS
from workspace.open_case import OpenCase
from workspace.segmentations import PANEL_NAMES, Answer


def differences_of(opened: OpenCase, answers: Mapping[str, Answer]) -> dict[str, str]:
    """By model, a sentence or two on how it differs from the others.

    Nothing here is slow to import: the compare page may show it too.
    """
    maps = {
        name: answers[name].segmentation.labels
        for name in PANEL_NAMES
        if name in answers and name != CONSENSUS
    }
    case, box = opened.case, opened.prepared.box[0]
    scale = Scale(
        voxel_ml=case.voxel_volume_ml if case.voxel_size_known else None,
        middle=(box.start + box.stop - 1) / 2,
        flat=case.shape[2] == 1,
    )
    return _told(opened.key, tuple(maps), maps, scale)


# Words only: the label maps are not kept here.
@st.cache_data(max_entries=32, show_spinner=False)
def _told(
    key: str, names: tuple[str, ...], _maps: dict[str, np.ndarray], _scale: Scale
) -> dict[str, str]:
    return difference_sentences(_maps, PANEL_NAMES, _scale)
