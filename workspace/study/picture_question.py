"""Pictures that do not look like what they were taken for: both readings, to choose from."""

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.study.appearance import Doubt
from inference.study.series.choice import Choice
from workspace.display.page_frame import plain
from workspace.study.exams import ReadExam
from workspace.study.series_table import series_title
from workspace.study.study import Study


def ask_about_pictures(
    study: Study, exam: ReadExam, choice: Choice, doubts: Sequence[Doubt]
) -> None:
    """Show what does not look like what it was taken for, and both readings to choose from.

    Args:
        study: The study.
        exam: Its exam.
        choice: The series that were prepared.
        doubts: At least one, of the pictures of these series.
    """
    st.warning(
        "Some pictures do not look like what they were taken for. Which is right?",
        icon=":material/question_mark:",
    )
    st.caption("  \n".join(plain(_sentence(doubt)) for doubt in doubts))
    looks = as_they_look(choice.chosen, doubts)
    concerned = {choice.chosen[doubt.given] for doubt in doubts}
    now, otherwise = st.columns(2)
    with now, st.container(border=True):
        _reading("As they are read now", study, exam, choice, _only(choice.chosen, concerned))
        st.button("Keep this", key="as-read", on_click=study.confirm, width="stretch")
    with otherwise, st.container(border=True):
        _reading("As the pictures look", study, exam, choice, _only(looks, concerned))
        st.button(
            "Read them so",
            key="as-pictures",
            on_click=study.read_as,
            args=(_only(looks, concerned),),
            width="stretch",
        )


def as_they_look(chosen: Mapping[str, int], doubts: Sequence[Doubt]) -> dict[str, int]:
    """Index of the series by modality, if each is read as what it looks like."""
    given = {doubt.given for doubt in doubts}
    kept = {modality: index for modality, index in chosen.items() if modality not in given}
    return kept | {doubt.looks: chosen[doubt.given] for doubt in doubts}


def _only(reading: Mapping[str, int], concerned: set[int]) -> dict[str, int]:
    return {name: reading[name] for name in MODALITIES if reading.get(name) in concerned}


def _sentence(doubt: Doubt) -> str:
    given, looks = MODALITY_NAMES[doubt.given], MODALITY_NAMES[doubt.looks]
    return f"{given} looks like {looks}. {doubt.reason}"


def _reading(
    title: str, study: Study, exam: ReadExam, choice: Choice, reading: Mapping[str, int]
) -> None:
    rows = {volume: row for row in exam.table(choice) for volume in row.volumes}
    read = study.reading.result
    st.markdown(f"**{title}**")
    for modality, index in reading.items():
        name = html.escape(series_title(exam.series[index], rows[index]), quote=True)
        picture = read.pictures.get((exam.ordinal, index)) if read else None
        shown = (
            f'<img src="{picture}" alt="{name}">' if picture else '<div class="no-picture"></div>'
        )
        st.html(
            f'<div class="image-row">{shown}<div><strong>{MODALITY_NAMES[modality]}</strong>'
            f"<ul><li>{name}</li></ul></div></div>"
        )
