"""A dropped study on the Open page: its series, its steps, and what is left to decide."""

from collections.abc import Callable

import streamlit as st

from common.errors import InputError
from inference.study.series.choice import Choice
from workspace.display.page_frame import plain
from workspace.jobs.background import BackgroundTask
from workspace.jobs.polling import poll
from workspace.session.landing import CASE_PARAMETER
from workspace.study.exams import ReadExam
from workspace.study.own_mask import offer_own_mask
from workspace.study.picture_question import ask_about_pictures
from workspace.study.preparing import PreparedCase
from workspace.study.series_table import show_series
from workspace.study.steps import outcome, step_pictures_row, steps_line
from workspace.study.study import Study, clear_study

_POLL_SECONDS = 0.4
_SENDING = "Reading the headers"


def show_study(study: Study) -> PreparedCase | None:
    """Show a study and have it prepared as far as nothing has to be decided.

    Returns:
        The case once it is prepared; None until then.
    """
    if not study.reading.settled:
        poll(_reading, study, every=_POLL_SECONDS)
        return None
    _caption(study)
    if study.reading.error is not None:
        _failed(study.reading, "The study was not read")
        return None
    exam = _exam(study)
    if exam is None:
        return None
    choice = study.choice(exam)
    prepared = _preparation(study, exam, choice)
    st.markdown("**Series**")
    show_series(study, exam, choice)
    _left_out(study)
    return prepared


def _caption(study: Study) -> None:
    words, clear = st.columns([3, 1], vertical_alignment="center")
    read = study.reading.result
    if read is not None:
        series = sum(exam.count for exam in read.exams)
        exams = len(read.exams)
        counts = f"{_count(series, 'series', 'series')}, {_count(exams, 'exam', 'exams')}"
        words.markdown(f"**{counts}**")
    clear.button("Clear all", icon=":material/delete:", on_click=_clear, width="stretch")


def _clear() -> None:
    clear_study()
    st.query_params.pop(CASE_PARAMETER, None)  # else the address would open it again


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _reading(study: Study) -> None:
    if study.reading.settled:
        st.rerun()
    progress = study.reading.progress
    share = progress.done / progress.total if progress.total else 0.0
    bar, stop = st.columns([3, 1], vertical_alignment="center")
    bar.progress(share, f"{_SENDING}: {progress.done} of {progress.total} files")
    stop.button("Stop", icon=":material/close:", on_click=progress.stop, width="stretch")


def _failed(task: BackgroundTask, what: str) -> None:
    if task.stopped:
        st.info(f"{what}: it was stopped.", icon=":material/info:")
    elif isinstance(task.error, InputError):
        st.error(plain(str(task.error)), icon=":material/error:")
    else:
        st.error(f"{what}: {plain(str(task.error))}", icon=":material/error:")


def _exam(study: Study) -> ReadExam | None:
    """The exam that is meant; several are a question, and never mixed."""
    read = study.reading.result
    if read.nothing:
        st.error(plain(read.nothing), icon=":material/error:")
    if len(read.exams) > 1:
        exams = {exam.ordinal: exam for exam in read.exams}
        patients = len({exam.patient for exam in read.exams})
        chosen = st.radio(
            f"{len(exams)} exams: choose one",
            list(exams),
            index=list(exams).index(study.ordinal) if study.ordinal else None,
            format_func=lambda ordinal: _exam_title(exams[ordinal], several=patients > 1),
            key=f"exam-{id(study)}",
        )
        if chosen is not None and chosen != study.ordinal:
            study.choose_exam(chosen)
            st.rerun()
    return study.exam


def _exam_title(exam: ReadExam, *, several: bool) -> str:
    patient = f", patient {exam.patient}" if several else ""
    return f"{exam.when}{patient}, {_count(exam.count, 'series', 'series')}"


def _preparation(study: Study, exam: ReadExam, choice: Choice) -> PreparedCase | None:
    for sentence in choice.missing:
        st.info(plain(sentence), icon=":material/info:")
    if not choice.chosen:
        st.warning(
            "No series was recognised as T1, T1c, T2 or FLAIR of a head: choose one below.",
            icon=":material/rule:",
        )
        return None
    # Nothing needs a click where nothing is asked; once begun, every change is followed.
    if choice.unclear and study.of_choice is None:
        st.warning("What one series is cannot be told: choose below, or go on without it.")
        if not st.button("Use these series", type="primary"):
            return None
    study.prepare(exam, choice)
    return _steps(study, exam, choice)


def show_steps(
    task: BackgroundTask[PreparedCase], again: Callable[[], None]
) -> PreparedCase | None:
    """Show how far a preparation is.

    Args:
        task: The preparation.
        again: Has it begun anew, after it was stopped or has failed.

    Returns:
        What was prepared; None until then.
    """
    if not task.settled:
        poll(_preparing, task, every=_POLL_SECONDS)
        return None
    st.html(steps_line(task.progress))
    if task.error is not None:
        _failed(task, "The images were not prepared")
        st.button("Try again", icon=":material/refresh:", on_click=again)
    return task.result


def _steps(study: Study, exam: ReadExam, choice: Choice) -> PreparedCase | None:
    prepared = show_steps(study.preparing, study.prepare_again)
    if prepared is None:
        if study.preparing.settled:
            _own_mask(study)
        return None
    preparation = prepared.opened.came.preparation if prepared.opened.came else None
    if preparation is not None:
        st.caption(outcome(preparation))
        doubts = prepared.opened.came.doubts
        if study.confirmed != study.of_choice and doubts:
            ask_about_pictures(study, exam, choice, doubts)
            return None
        step_pictures_row(prepared.pictures)
        _own_mask(study)
    return prepared


def _preparing(task: BackgroundTask[PreparedCase]) -> None:
    if task.settled:
        st.rerun()
    line, stop = st.columns([3, 1], vertical_alignment="center")
    line.html(steps_line(task.progress))
    stop.button("Stop", icon=":material/close:", on_click=task.progress.stop, width="stretch")


def _own_mask(study: Study) -> None:
    mask = offer_own_mask(f"mask-{id(study)}")
    if mask is not None and (study.brain_mask is None or study.brain_mask.name != mask.name):
        study.use_brain_mask(mask.name, mask.file.read())
        st.rerun()


def _left_out(study: Study) -> None:
    sentences = study.reading.result.left_out
    if sentences:
        st.caption("  \n".join(map(plain, sentences)))
