"""How well the models do on patients they have never seen, and what such numbers are worth."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from inference.vocabulary import REGIONS
from model_zoo.registry import ALL_MODELS
from workspace import case_pictures
from workspace.benchmark import (
    ablation_rows,
    groups_of,
    heading,
    leak_sentences,
    protocol_lesson,
    protocol_rows,
    protocol_sentences,
    published_rows,
    score_rows,
    title_of,
    triple_sentence,
)
from workspace.benchmark_figures import curve_figure, leak_figure, strip_figure
from workspace.case_pictures import PictureSet, patients_folder, read_pictures
from workspace.colours import colour_key
from workspace.entry import enter_by_app
from workspace.frame import plain
from workspace.measures import GRADES, MEASURES
from workspace.model_facts import model_facts
from workspace.results import Results, command_for, read_results

# Of the leak: every test slice counts alike, as in most projects that have it.
LEAK_SCORE = "pooled_tumour"
TEXT_COLUMNS = ("Model", "Published by", "Trained on", "How it is scored", "Variant", "What it is")


def main() -> None:
    st.title("Benchmark")
    results = read_results("test")
    if results is None:
        _not_measured("The models have not been scored on the test patients yet.", "test")
    else:
        _scores(results)
    _published()
    _cross_validation()
    _learning_curves()
    _cases()
    _protocols()
    _leak()
    _ablation()


def _scores(results: Results) -> None:
    st.markdown(heading(results))
    st.caption(f"{results['convention']} Intervals: 95 %, over patients.")
    key = st.segmented_control(
        "Measure",
        list(MEASURES),
        default="dice",
        format_func=lambda each: MEASURES[each].title,
        required=True,
        key="measure",
    )
    measure = MEASURES[key]
    st.caption(f"{measure.sentence} The {measure.better} the better.")
    for column, region in zip(st.columns(len(REGIONS)), REGIONS, strict=True):
        with column:
            st.plotly_chart(
                strip_figure(results, measure, region),
                config={"displayModeBar": False},
                key=f"strip-{region}",
            )
    st.caption(
        "● a high-grade patient, ◆ a low-grade one; beside them the mean of all with its "
        "interval. Point at a mark for the patient's name."
    )
    group = st.segmented_control(
        "Patients",
        groups_of(results),
        default="all",
        format_func=lambda each: GRADES[each],
        required=True,
        key="group",
    )
    _table(score_rows(results, measure, group))
    st.caption(
        f"{measure.axis}: mean and interval; a single patient has none. False slices: the share "
        "of the slices without tumour in which tumour is drawn."
    )
    _made_by(results["command"])


def _published() -> None:
    published = read_results("published")
    if published is None:
        return
    with st.container(border=True):
        st.subheader("Published elsewhere: not the same patients")
        st.markdown(plain(published["about"]))
        _table(published_rows(published))


def _cross_validation() -> None:
    results = read_results("cross_validation")
    if results is None:
        return
    st.subheader("Cross-validation")
    st.markdown(heading(results))
    _table(score_rows(results, MEASURES["dice"], "all"))
    _made_by(results["command"])


def _learning_curves() -> None:
    curves = {name: model_facts(name).curve for name in ALL_MODELS}
    curves = {name: curve for name, curve in curves.items() if not curve.empty}
    st.subheader("How they learned")
    if not curves:
        st.markdown("No log of a training is here.")
        return
    st.caption("Mean Dice on the validation patients, on which choices are made: no test result.")
    for column, region in zip(st.columns(len(REGIONS)), REGIONS, strict=True):
        with column:
            st.plotly_chart(
                curve_figure(curves, region),
                config={"displayModeBar": False},
                key=f"curve-{region}",
            )
    st.html(colour_key({name: title_of(name) for name in curves}))
    _made_by("python -m training train training/configs/NAME.toml --data DIR")


def _cases() -> None:
    st.subheader("Best and worst cases")
    patients = read_pictures(patients_folder())
    if patients is None:
        st.markdown(
            "The licence of the patients' scans does not let pictures of them be passed on. "
            "Whoever has the scans can draw them here with"
        )
        st.code(case_pictures.COMMAND_FOR_PATIENTS, language=None)
    else:
        _pictures(patients)
    synthetic = read_pictures(case_pictures.SYNTHETIC_FOLDER)
    if synthetic is None:
        st.markdown("Nor have pictures of synthetic cases been drawn yet:")
        st.code(case_pictures.COMMAND_FOR_SYNTHETIC, language=None)
    else:
        _pictures(synthetic)


def _pictures(pictures: PictureSet) -> None:
    st.markdown(plain(pictures.about))
    checksums = {name: (model_facts(name).config or {}).get("sha256", "") for name in ALL_MODELS}
    if not pictures.is_of(checksums):
        st.warning("These were drawn with earlier weights than those in use now.")
    for name in ALL_MODELS:
        shown = pictures.of(name)
        if not shown:
            continue
        st.markdown(f"**{title_of(name)}**")
        for column, picture in zip(st.columns(2), shown, strict=False):
            column.image(
                picture.file, caption=picture.caption, alt=picture.caption, width="stretch"
            )
    _made_by(pictures.command)


def _protocols() -> None:
    st.subheader("What a number is worth")
    protocols = read_results("protocols")
    if protocols is None:
        _not_measured(
            "The same predictions have not been scored in the ways of earlier projects yet.",
            "protocols",
        )
        return
    names = list(protocols["models"])
    name = st.segmented_control(
        "Model", names, default=names[-1], format_func=title_of, required=True, key="scored"
    )
    st.markdown(plain(protocol_lesson(protocols, name)))
    _table(protocol_rows(protocols, name))
    for title, sentence in protocol_sentences(protocols, name):
        st.caption(f"**{plain(title)}.** {plain(sentence)}")
    _made_by(protocols["command"])
    _triple_sigmoid(protocols)


def _triple_sigmoid(protocols: Results) -> None:
    st.subheader("The triple sigmoid")
    told = protocols["triple_sigmoid"]
    st.markdown(plain(triple_sentence(told, protocols["patients"])))
    pictures = read_pictures(case_pictures.SYNTHETIC_FOLDER)
    picture = pictures.triple_sigmoid() if pictures else None
    if picture:
        st.image(picture.file, caption=plain(picture.caption), alt=picture.caption)
        _made_by(pictures.command)


def _leak() -> None:
    st.subheader("The leak")
    leak = read_results("leak")
    if leak is None:
        _not_measured(
            "What a split by slice instead of by patient is worth has not been measured yet.",
            "leak",
        )
        return
    for sentence in leak_sentences(leak, LEAK_SCORE):
        st.markdown(plain(sentence))
    st.plotly_chart(
        leak_figure(leak, list(leak["own_test"])), config={"displayModeBar": False}, key="leak"
    )
    st.caption("Each split on its own test slices: how much higher the leaking one scores.")
    _made_by(leak["command"])


def _ablation() -> None:
    ablation = read_results("ablation")
    if ablation is None:
        return
    st.subheader("What helped")
    st.markdown(plain(ablation["about"]))
    _table(ablation_rows(ablation))
    if "command" in ablation:
        _made_by(ablation["command"])


def _table(rows: Sequence[dict[str, str]]) -> None:
    table = pd.DataFrame(rows)
    right = st.column_config.TextColumn(alignment="right")
    aligned = {name: right for name in table.columns if name not in TEXT_COLUMNS}
    st.dataframe(table, hide_index=True, column_config=aligned)


def _not_measured(sentence: str, name: str) -> None:
    st.markdown(f"{sentence} This command does it:")
    st.code(command_for(name), language=None)


def _made_by(command: str) -> None:
    st.caption(f"Made by `{command}`")


enter_by_app()
main()
