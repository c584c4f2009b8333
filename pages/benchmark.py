"""How well the models do on patients they have never seen, and what such numbers are worth."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import plotly.graph_objects as go
import streamlit as st

from inference.vocabulary import REGIONS
from model_zoo.registry import ALL_MODELS, registry
from workspace.benchmark import case_pictures
from workspace.benchmark.case_pictures import PictureSet, patients_folder, read_pictures
from workspace.benchmark.charts import curve_figure, leak_figure, marks_sentence, strip_figure
from workspace.benchmark.later_models import (
    LaterModel,
    claim_rows,
    file_sentence,
    group_rows,
    later_models,
    unseen_sentence,
    what_it_is,
)
from workspace.benchmark.learning_curves import curve_charts
from workspace.benchmark.measures import GRADES, MEASURES, Measure
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
from workspace.colours import colour_key
from workspace.contents import Section, contents, draw_sections
from workspace.entry import enter_by_app
from workspace.frame import plain
from workspace.kept import keep, prepare
from workspace.model_facts import model_facts
from workspace.results import Results, command_for, command_for_model, read_results
from workspace.tables import figures_table

# Of the leak: every test slice counts alike, as in most projects that have it.
LEAK_SCORE = "pooled_tumour"


def main() -> None:
    st.title("Benchmark")
    sections = _sections()
    contents(sections)
    results = read_results("test")
    if results is None:
        _not_measured("The models have not been scored on the test patients yet.", "test")
    else:
        _scores(results)
    draw_sections(sections)


def _sections() -> list[Section]:
    """All but those whose results are not here and whom nobody would miss."""
    published, ablation = read_results("published"), read_results("ablation")
    cross_validation, protocols = read_results("cross_validation"), read_results("protocols")
    drawing, planes = read_results("drawing"), read_results("planes")
    sections: list[tuple[str, Callable[..., None], tuple[Results | None, ...]]] = [
        ("Published elsewhere", _published, (published,)),
        ("Cross-validation", _cross_validation, (cross_validation,)),
        ("Later models", _later_models, ()),
        ("How they learned", _learning_curves, ()),
        ("Best and worst cases", _cases, ()),
        ("What a number is worth", _protocols, ()),
        ("The triple sigmoid", _triple_sigmoid, (protocols,)),
        ("The leak", _leak, ()),
        ("What helped", _ablation, (ablation,)),
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
    measure = _measure(list(MEASURES), key="measure")
    for column, region in zip(st.columns(len(REGIONS)), REGIONS, strict=True):
        with column:
            _chart(strip_figure(results, measure, region), key=f"strip-{region}")
    st.caption(marks_sentence(results))
    group = _one_of("Patients", groups_of(results), GRADES, key="group", first="all")
    figures_table(score_rows(results, measure, group))
    st.caption(
        f"{measure.axis}: mean and interval; a single patient has none. False slices: the share "
        "of the slices without tumour in which tumour is drawn."
    )
    _made_by(results["command"])


def _warn_of_earlier_weights(results: Results) -> None:
    if not is_of(results, _checksums()):
        st.warning("These scores are of earlier weights than those in use now.")


def _checksums() -> dict[str, str]:
    """Of the weights that are here, by model."""
    configs = {name: model_facts(name).config for name in ALL_MODELS}
    return {name: config["sha256"] for name, config in configs.items() if config}


def _measure(keys: Sequence[str], *, key: str) -> Measure:
    """The measure that the visitor chooses, explained."""
    titles = {each: MEASURES[each].title for each in keys}
    measure = MEASURES[_one_of("Measure", keys, titles, key=key, first=keys[0])]
    st.caption(f"{measure.sentence} The {measure.better} the better.")
    return measure


def _one_of(
    label: str, options: Sequence[str], titles: Mapping[str, str], *, key: str, first: str
) -> str:
    """What the visitor chooses, or chose when the page was last left."""
    if st.session_state[prepare(key, first)] not in options:
        st.session_state[key] = first
    chosen = st.segmented_control(label, options, required=True, format_func=titles.get, key=key)
    return keep(key, chosen or first)


def _published(published: Results) -> None:
    with st.container(border=True):
        st.markdown(f"**Not the same patients.** {plain(published['about'])}")
        figures_table(published_rows(published), words=["Trained on"])


def _cross_validation(results: Results) -> None:
    st.markdown(cross_validation_sentence(results))
    figures_table(cross_validation_rows(results, MEASURES["dice"]))
    _made_by(results["command"])


def _later_models() -> None:
    claims = read_results("claims")
    models = later_models(claims)
    st.markdown(plain(claims["about"]) if claims else "They are not compared with the three.")
    scored = [model for model in models if model.results]
    measured = [key for key in MEASURES if any(key in model.measures for model in scored)]
    measure = _measure(measured, key="later-measure") if measured else MEASURES["dice"]
    for model in models:
        with st.container(border=True):
            st.markdown(f"**{plain(model.facts.contract.title)}**")
            st.markdown(plain(what_it_is(model)))
            if model.results is None:
                st.markdown(f"**Not measured yet**; `{command_for_model(model.name)}` does it.")
            else:
                _later_scores(model, model.results, measure)


def _later_scores(model: LaterModel, results: Results, measure: Measure) -> None:
    if told := file_sentence(model):
        st.markdown(told)
    st.markdown(heading(results, untouched=not model.in_sight))
    if model.in_sight:
        st.markdown(plain(model.in_sight))
    if model.outdated:
        st.warning("These scores are of earlier weights than those in use now.")
    if measure.key not in model.measures:
        st.markdown(
            f"**{measure.title}** was not measured: it needs the size of a voxel, which pictures "
            "do not tell."
        )
        _as_earlier_projects(model)
    elif len(model.regions) == 1:
        strip, tables = st.columns([1, 2], gap="medium")
        with strip:
            _strips(model, results, measure)
        with tables:
            figures_table(group_rows(model, measure))
            _as_earlier_projects(model)
    else:
        _strips(model, results, measure)
        figures_table(group_rows(model, measure))
        _as_earlier_projects(model)
    _made_by(results["command"])


def _strips(model: LaterModel, results: Results, measure: Measure) -> None:
    for column, region in zip(st.columns(len(model.regions)), model.regions, strict=True):
        with column:
            _chart(strip_figure(results, measure, region), key=f"strip-{model.name}-{region}")
    st.caption(marks_sentence(results))


def _as_earlier_projects(model: LaterModel) -> None:
    st.markdown("**The same answers, scored as earlier projects did**")
    figures_table(claim_rows(model))
    st.caption(unseen_sentence(model))


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
                _chart(
                    curve_figure(chart.curves, chart.region, title=chart.title),
                    key=f"curve-{chart.title}",
                )
    names = [name for name in registry() if any(name in chart.curves for chart in charts)]
    st.html(colour_key({name: title_of(name) for name in names}))
    _made_by("python -m training train training/configs/NAME.toml --data DIR")


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
    _made_by(pictures.command)


def _protocols() -> None:
    protocols = read_results("protocols")
    if protocols is None:
        _not_measured(
            "The same predictions have not been scored in the ways of earlier projects yet.",
            "protocols",
        )
        return
    _warn_of_earlier_weights(protocols)
    names = list(protocols["models"])
    titles = {each: title_of(each) for each in names}
    name = _one_of("Model", names, titles, key="scored", first=names[-1])
    st.markdown(plain(protocol_lesson(protocols, name)))
    figures_table(protocol_rows(protocols, name))
    for title, sentence in protocol_sentences(protocols, name):
        st.caption(f"**{plain(title)}.** {plain(sentence)}")
    _made_by(protocols["command"])


def _triple_sigmoid(protocols: Results) -> None:
    told = protocols["triple_sigmoid"]
    st.markdown(plain(triple_sentence(told, protocols["patients"])))
    pictures = read_pictures(case_pictures.SYNTHETIC_FOLDER)
    picture = pictures.triple_sigmoid() if pictures else None
    if picture:
        st.image(picture.file, caption=plain(picture.caption), alt=picture.caption)
        _made_by(pictures.command)


def _leak() -> None:
    leak = read_results("leak")
    if leak is None:
        _not_measured(
            "What a split by slice instead of by patient is worth has not been measured yet.",
            "leak",
        )
        return
    for sentence in leak_sentences(leak, LEAK_SCORE):
        st.markdown(plain(sentence))
    _chart(leak_figure(leak, list(leak["own_test"])), key="leak")
    st.caption("Each split on its own test slices: how much higher the leaking one scores.")
    _made_by(leak["command"])


def _ablation(ablation: Results) -> None:
    st.markdown(plain(ablation["about"]))
    figures_table(ablation_rows(ablation), words=["What it is"])
    count = max(row["patients"] for row in ablation["rows"])
    st.caption(f"With {count} patients and one training each, differences of 0.02 are noise.")
    if "command" in ablation:
        _made_by(ablation["command"])


def _planes(axial: Results, planes: Results) -> None:
    st.markdown(
        "ResNet34 U-Net, trained equally long on axial slices alone and on slices of all three "
        "planes. A network that has learned from all of them answers with the mean of the three, "
        f"around what the axial slices take for tumour. {plain(planes['about'])}"
    )
    figures_table(planes_rows(axial, planes))
    _made_by(planes["command"])


def _drawing(drawing: Results) -> None:
    st.markdown(plain(drawing["about"]))
    figures_table(drawing_rows(drawing), words=["What it is"])
    _made_by(drawing["command"])


def _chart(figure: go.Figure, *, key: str) -> None:
    st.plotly_chart(figure, config={"displayModeBar": False}, key=key)


def _not_measured(sentence: str, name: str) -> None:
    st.markdown(f"{sentence} This command does it:")
    st.code(command_for(name), language=None)


def _made_by(command: str) -> None:
    st.caption(f"Made by `{command}`")


enter_by_app()
main()
