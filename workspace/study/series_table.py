"""The table of series: what each was taken for, and why, for the visitor to change."""

import html
from typing import Final

import streamlit as st

from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.study.examination import SeriesRow
from inference.study.series.choice import Choice
from workspace.study.exams import ReadExam, SeriesView
from workspace.study.study import Study

_NOT_USED: Final = "–"
_OPTIONS: Final = (*MODALITIES, _NOT_USED)
_NAMES: Final = {**MODALITY_NAMES, _NOT_USED: "Not used"}


def show_series(study: Study, exam: ReadExam, choice: Choice) -> None:
    """A row for every series; those that are not used are folded, unless they are a question."""
    rows = [(row.volumes[0], row) for row in exam.table(choice)]
    order = {modality: place for place, modality in enumerate(MODALITIES)}
    used = sorted(
        (each for each in rows if each[1].modality), key=lambda each: order[each[1].modality]
    )
    questions = [each for each in rows if each[1].unclear]
    others = [each for each in rows if not each[1].modality and not each[1].unclear]
    for index, row in (*used, *questions):
        _show(study, exam, index, row)
    if others:
        count = "1 series is" if len(others) == 1 else f"{len(others)} series are"
        with st.expander(f"{count} not used"):
            for index, row in others:
                _show(study, exam, index, row)


def _show(study: Study, exam: ReadExam, index: int, row: SeriesRow) -> None:
    series = exam.series[index]
    picture = study.reading.result.pictures.get((exam.ordinal, index))
    with st.container(border=True):
        image, role = st.columns([3, 1], vertical_alignment="center")
        image.html(_described(series, row, picture))
        with role:
            if series.refusal:
                st.caption("Cannot be read")
            else:
                _choice(study, exam, index, row)


def _described(series: SeriesView, row: SeriesRow, picture: str | None) -> str:
    """HTML of picture, name, size and reason; a description can bring no markup of its own."""
    title = html.escape(series_title(series, row), quote=True)
    shown = '<div class="no-picture"></div>'
    if picture:
        shown = f'<img src="{picture}" alt="Middle slice of {title}">'
    facts = "".join(f"<li>{html.escape(fact)}</li>" for fact in _facts(series))
    kind = "question" if row.unclear else "reason"
    why = f'<div class="{kind}">{html.escape(row.reason)}</div>'
    return (
        f'<div class="image-row">{shown}<div><strong>{title}</strong><ul>{facts}</ul>{why}'
        "</div></div>"
    )


def series_title(series: SeriesView, row: SeriesRow) -> str:
    """Its number and description, as the scanner gave them."""
    number = "" if row.number is None else f"{row.number}  "
    return f"{number}{row.description or series.name}"


def _facts(series: SeriesView) -> list[str]:
    facts = series.facts
    if facts.shape is None:
        return []
    count = facts.shape[2]
    slices = "1 slice" if count == 1 else f"{count} slices"
    if facts.spacing_mm is None:
        return [slices]
    across, down, apart = facts.spacing_mm
    known = [slices, f"{apart:.3g} mm apart", f"{across:.2g} × {down:.2g} mm"]
    return [*known, series.plane] if series.plane else known


def _choice(study: Study, exam: ReadExam, index: int, row: SeriesRow) -> None:
    current = row.modality or _NOT_USED
    chosen = st.selectbox(
        f"Read {row.description or index} as",
        _OPTIONS,
        index=None if row.unclear else _OPTIONS.index(current),
        format_func=_NAMES.get,
        placeholder="What is it?",
        label_visibility="collapsed",
        # Another box for another answer of the rules: what Streamlit remembers of this one is old.
        key=f"series-{id(study)}-{exam.ordinal}-{index}-{current}-{row.unclear}",
    )
    if chosen is not None and chosen != (None if row.unclear else current):
        study.decide(index, None if chosen == _NOT_USED else chosen)
        st.rerun()
