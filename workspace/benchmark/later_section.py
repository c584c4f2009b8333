"""The later models on the benchmark page."""

import streamlit as st

from workspace.benchmark.charts import marks_sentence, strip_figure
from workspace.benchmark.later_models import (
    LaterModel,
    claim_rows,
    file_sentence,
    group_rows,
    later_models,
    unseen_sentence,
    what_it_is,
)
from workspace.benchmark.measures import MEASURES, Measure
from workspace.benchmark.scores import heading
from workspace.benchmark.widgets import choose_measure, draw_chart, made_by
from workspace.display.page_frame import plain
from workspace.display.tables import figures_table
from workspace.models.evaluation_results import Results, command_for_model, read_results


def draw_later_models() -> None:
    """Each in a frame: what it is, how it scores, and how an earlier project scored."""
    claims = read_results("claims")
    models = later_models(claims)
    st.markdown(plain(claims["about"]) if claims else "They are not compared with the three.")
    scored = [model for model in models if model.results]
    measured = [key for key in MEASURES if any(key in model.measures for model in scored)]
    measure = choose_measure(measured, key="later-measure") if measured else MEASURES["dice"]
    for model in models:
        with st.container(border=True):
            st.markdown(f"**{plain(model.facts.contract.title)}**")
            st.markdown(plain(what_it_is(model)))
            if model.results is None:
                st.markdown(f"**Not measured yet**; `{command_for_model(model.name)}` does it.")
            else:
                _later_scores(model, model.results, measure)


def _later_scores(model: LaterModel, results: Results, measure: Measure) -> None:
    if sentence := file_sentence(model):
        st.markdown(sentence)
    st.markdown(heading(results, untouched=not model.in_sight))
    if model.in_sight:
        st.markdown(plain(model.in_sight))
    if model.outdated:
        st.warning("These scores are of earlier weights than those in use now.")
    if measure.key not in model.measures:
        st.markdown(
            f"**{measure.title}** was not measured: it needs the size of a voxel, which pictures "
            "do not state."
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
    made_by(results["command"])


def _strips(model: LaterModel, results: Results, measure: Measure) -> None:
    for column, region in zip(st.columns(len(model.regions)), model.regions, strict=True):
        with column:
            draw_chart(strip_figure(results, measure, region), key=f"strip-{model.name}-{region}")
    st.caption(marks_sentence(results))


def _as_earlier_projects(model: LaterModel) -> None:
    st.markdown("**The same answers, scored as earlier projects did**")
    figures_table(claim_rows(model))
    st.caption(unseen_sentence(model))
