"""How well the models do on patients they have never seen, and what such numbers are worth."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from common.vocabulary import REGIONS
from model_zoo.registry import ALL_MODELS, registry
from workspace.benchmark import case_pictures
from workspace.benchmark.case_pictures import PictureSet, patients_folder, read_pictures
from workspace.benchmark.charts import curve_figure, leak_figure, marks_sentence, strip_figure
from workspace.benchmark.later_section import draw_later_models
from workspace.benchmark.learners import (
    judged_learners,
    learners_rows,
    learners_sentence,
    ways_of_scoring,
)
from workspace.benchmark.learning_curves import curve_charts
from workspace.benchmark.measures import GRADES, MEASURES
from workspace.benchmark.scores import (
    ablation_rows,
    cross_validation_rows,
    cross_validation_sentence,
    drawing_rows,
    groups_of,
    heading,
    is_of,
    leak_sentences,
    planes_rows,
    protocol_lesson,
    protocol_rows,
    protocol_sentences,
    published_rows,
    score_rows,
    title_of,
    triple_sentence,
)
from workspace.benchmark.widgets import (
    choose_measure,
    choose_one,
    draw_chart,
    made_by,
    not_measured,
)
from workspace.benchmark.widths import judged_widths, widths_rows, widths_sentence
from workspace.display.page_frame import plain
from workspace.display.page_sections import Section, contents, draw_sections
from workspace.display.tables import figures_table
from workspace.models.evaluation_results import Results, read_results
from workspace.models.model_facts import model_facts
from workspace.models.panel_colours import colour_key
from workspace.session.page_redirect import enter_by_app

# Of the leak: every test slice counts alike, as in most projects that have it.
LEAK_SCORE = "pooled_tumour"


def main() -> None:
    st.title("Benchmark")
    sections = _sections()
    contents(sections)
    results = read_results("test")
    if results is None:
        not_measured("The models have not been scored on the test patients yet.", "test")
    else:
        _scores(results)
    draw_sections(sections)


def _sections() -> list[Section]:
    """All but those whose results are not here and whom nobody would miss."""
    published, ablation = read_results("published"), read_results("ablation")
    cross_validation, protocols = read_results("cross_validation"), read_results("protocols")
    drawing, planes = read_results("drawing"), read_results("planes")
    sections: list[tuple[str, Callable[..., None], tuple[Any, ...]]] = [
        ("Published elsewhere", _published, (published,)),
        ("Cross-validation", _cross_validation, (cross_validation,)),
        ("Later models", draw_later_models, ()),
        ("How they learned", _learning_curves, ()),
        ("Best and worst cases", _cases, ()),
        ("What a number is worth", _protocols, ()),
        ("The triple sigmoid", _triple_sigmoid, (protocols,)),
        ("The leak", _leak, ()),
        ("What helped", _ablation, (ablation,)),
        ("What is worth learning from", _learners, (judged_learners() or None,)),
        ("How wide a network has to be", _widths, (judged_widths() or None,)),
        ("What the other planes are worth", _planes, (drawing, planes)),
        ("How regions are drawn", _drawing, (drawing,)),
    ]
    return [
        Section(title, partial(draw, *needs))
        for title, draw, needs in sections
        if None not in needs
    ]


def _scores(results: Results) -> None:
    st.markdown(heading(results))
    _warn_of_earlier_weights(results)
    st.caption(
        f"{results['convention']} Intervals: 95 %, over patients; of so few they are too narrow."
    )
    measure = choose_measure(list(MEASURES), key="measure")
    for column, region in zip(st.columns(len(REGIONS)), REGIONS, strict=True):
        with column:
            draw_chart(strip_figure(results, measure, region), key=f"strip-{region}")
    st.caption(marks_sentence(results))
    group = choose_one("Patients", groups_of(results), GRADES, key="group", first="all")
    figures_table(score_rows(results, measure, group))
    st.caption(
        f"{measure.axis}: mean and interval; a single patient has none. False slices: the share "
        "of the slices without tumour in which tumour is drawn."
    )
    made_by(results["command"])


def _warn_of_earlier_weights(results: Results) -> None:
    if not is_of(results, _checksums()):
        st.warning("These scores are of earlier weights than those in use now.")


def _checksums() -> dict[str, str]:
    """Of the weights that are here, by model."""
    configs = {name: model_facts(name).config for name in ALL_MODELS}
    return {name: config["sha256"] for name, config in configs.items() if config}


def _published(published: Results) -> None:
    with st.container(border=True):
        st.markdown(f"**Not the same patients.** {plain(published['about'])}")
        figures_table(published_rows(published), words=["Trained on"])


def _cross_validation(results: Results) -> None:
    st.markdown(cross_validation_sentence(results))
    figures_table(cross_validation_rows(results, MEASURES["dice"]))
    made_by(results["command"])


def _learning_curves() -> None:
    charts = curve_charts(model_facts(name) for name in registry())
    if not charts:
        st.markdown("No log of a training is here.")
        return
    st.caption(
        "Mean Dice on the validation patients, on which choices are made: no test result. A model "
        "that learned from other patients or answers less has a chart of its own. The steps of a "
        "second stage follow those of the first."
    )
    for start in range(0, len(charts), len(REGIONS)):
        row = charts[start : start + len(REGIONS)]
        for column, chart in zip(st.columns(len(REGIONS)), row, strict=False):
            with column:
                draw_chart(
                    curve_figure(chart.curves, chart.region, title=chart.title),
                    key=f"curve-{chart.title}",
                )
    names = [name for name in registry() if any(name in chart.curves for chart in charts)]
    st.html(colour_key({name: title_of(name) for name in names}))
    made_by("python -m training train training/configs/NAME.toml --data DIR")


def _cases() -> None:
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
    if not pictures.is_of(_checksums()):
        st.warning("These were drawn with earlier weights than those in use now.")
    for name in ALL_MODELS:
        shown = pictures.of(name)
        if not shown:
            continue
        st.markdown(f"**{title_of(name)}**")
        with st.container(key=f"cases-{pictures.folder.name}-{name}"):
            for column, picture in zip(st.columns(2), shown, strict=False):
                column.image(
                    picture.file, caption=picture.caption, alt=picture.caption, width="stretch"
                )
    made_by(pictures.command)


def _protocols() -> None:
    protocols = read_results("protocols")
    if protocols is None:
        not_measured(
            "The same predictions have not been scored in the ways of earlier projects yet.",
            "protocols",
        )
        return
    _warn_of_earlier_weights(protocols)
    names = list(protocols["models"])
    titles = {each: title_of(each) for each in names}
    name = choose_one("Model", names, titles, key="scored", first=names[-1])
    st.markdown(plain(protocol_lesson(protocols, name)))
    figures_table(protocol_rows(protocols, name))
    for title, sentence in protocol_sentences(protocols, name):
        st.caption(f"**{plain(title)}.** {plain(sentence)}")
    made_by(protocols["command"])


def _triple_sigmoid(protocols: Results) -> None:
    triple = protocols["triple_sigmoid"]
    st.markdown(plain(triple_sentence(triple, protocols["patients"])))
    pictures = read_pictures(case_pictures.SYNTHETIC_FOLDER)
    picture = pictures.triple_sigmoid() if pictures else None
    if picture:
        st.image(picture.file, caption=plain(picture.caption), alt=picture.caption)
        made_by(pictures.command)


def _leak() -> None:
    leak = read_results("leak")
    if leak is None:
        not_measured(
            "What a split by slice instead of by patient is worth has not been measured yet.",
            "leak",
        )
        return
    for sentence in leak_sentences(leak, LEAK_SCORE):
        st.markdown(plain(sentence))
    draw_chart(leak_figure(leak, list(leak["own_test"])), key="leak")
    st.caption("Each split on its own test slices: how much higher the leaking one scores.")
    made_by(leak["command"])


def _ablation(ablation: Results) -> None:
    st.markdown(plain(ablation["about"]))
    figures_table(ablation_rows(ablation), words=["What it is"])
    count = max(row["patients"] for row in ablation["rows"])
    st.caption(f"With {count} patients and one training each, differences of 0.02 are noise.")
    if "command" in ablation:
        made_by(ablation["command"])


def _learners(judged: list[Results]) -> None:
    st.markdown(plain(learners_sentence(judged)))
    group = choose_one("Patients", list(GRADES), GRADES, key="learners-group", first="all")
    ways = ways_of_scoring(judged)
    titles = {way: way[:1].upper() + way[1:] for way in ways}
    scored = choose_one("Scans", ways, titles, key="learners-scans", first=ways[0])
    figures_table(learners_rows(judged, group, scored))
    count = judged[0]["difference"][group]["patients"]
    st.caption(f"{count} patient{'s' if count != 1 else ''} scored.")
    made_by(judged[0]["command"])


def _widths(judged: list[Results]) -> None:
    st.markdown(plain(widths_sentence(judged)))
    group = choose_one("Patients", list(GRADES), GRADES, key="widths-group", first="all")
    figures_table(widths_rows(judged, group))
    made_by(judged[0]["command"])


def _planes(axial: Results, planes: Results) -> None:
    st.markdown(
        "ResNet34 U-Net, trained equally long on axial slices alone and on slices of all three "
        "planes. A network that has learned from all of them answers with the mean of the three, "
        f"around what the axial slices take for tumour. {plain(planes['about'])}"
    )
    figures_table(planes_rows(axial, planes))
    made_by(planes["command"])


def _drawing(drawing: Results) -> None:
    st.markdown(plain(drawing["about"]))
    figures_table(drawing_rows(drawing), words=["What it is"])
    made_by(drawing["command"])


enter_by_app()
main()
