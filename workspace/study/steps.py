"""How far the preparation is: its steps with their times, and what each left to look at."""

import html
from collections.abc import Sequence
from typing import Final

import streamlit as st

from inference.preparation.prepare import Preparation
from workspace.jobs.background import Progress
from workspace.study.step_pictures import StepPicture

_TITLES: Final = {
    "turn": "waiting for its turn",
    "pixels": "read",
    "mask": "find the brain",
    "align": "align",
    "read": "bring to 1 mm",
    "pack": "get ready to show",
}


def steps_line(progress: Progress) -> str:
    """HTML of a line: every step that has begun, its seconds, and whether it has ended."""
    begun = [step for step in progress.steps if step[0] != "turn" or not step[2]]
    parts = [_step(*step) for step in begun]
    return f'<div class="steps">{"".join(parts)}</div>'


def _step(name: str, seconds: float, ended: bool) -> str:
    mark = "✓" if ended else "…"
    title = html.escape(_TITLES.get(name, name))
    kind = "ended" if ended else "running"
    return f'<span class="{kind}">{title} {seconds:.1f} s {mark}</span>'


def step_pictures_row(pictures: Sequence[StepPicture]) -> None:
    """The pictures of the steps beside each other."""
    shown = "".join(
        f'<figure><img src="{each.source}" alt="{html.escape(each.caption, quote=True)}">'
        f"<figcaption>{html.escape(each.caption)}</figcaption></figure>"
        for each in pictures
    )
    if shown:
        st.html(f'<div class="step-pictures">{shown}</div>')


def outcome(preparation: Preparation) -> str:
    """A sentence on what was found: volume of the brain, and how far the head had moved."""
    return f"Brain {preparation.brain_ml:,.0f} ml."
