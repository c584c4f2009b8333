"""On whose frames a case that was prepared is shown: the scan as it came, or as networks saw it."""

from functools import partial
from typing import Final

import streamlit as st

from common.vocabulary import MODALITY_NAMES
from workspace.open_case import OpenCase
from workspace.own_frames import (
    AS_NETWORKS_SAW,
    choose_frames,
    chosen_frames,
    frames_of,
    shrunk_to_mm,
)

_HELP: Final = (
    "As it came: the answer lies on the frames of one of your own series, with the skull, and the "
    "other sequences are laid on it. As the networks saw it: aligned, the brain alone, upright, at "
    "1 mm. The place that is looked at stays the same."
)


def frames_choice(opened: OpenCase) -> None:
    """Let the visitor choose; nothing for a case that was left as it came."""
    frames = frames_of(opened)
    if not frames:
        return
    options = [*frames, AS_NETWORKS_SAW]
    chosen = st.selectbox(
        "Shown on",
        options,
        index=options.index(chosen_frames(opened)),
        format_func=partial(_title, opened),
        help=_HELP,
        label_visibility="collapsed",
        key=f"shown on, for {opened.key}",
        width=300,
    )
    if chosen != chosen_frames(opened):
        choose_frames(opened, chosen)
        st.rerun()


def _title(opened: OpenCase, frames: str) -> str:
    if frames == AS_NETWORKS_SAW:
        return "As the networks saw it, 1 mm"
    shrunk = shrunk_to_mm(opened, frames)
    size = f", at {shrunk:.2g} mm" if shrunk else ""
    return f"As it came, frames of {MODALITY_NAMES[frames]}{size}"
