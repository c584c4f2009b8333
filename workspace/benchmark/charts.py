"""The benchmark's charts: one colour a model, one marker shape a grade."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from common.colours import PANEL_COLOURS
from common.vocabulary import REGION_NAMES, REGIONS
from workspace.benchmark.measures import GRADES, Measure
from workspace.benchmark.scores import title_of
from workspace.models.evaluation_results import Results

_SYMBOLS: Final = {"HGG": "circle", "LGG": "diamond"}
_OTHER_SYMBOL: Final = "square"
_MARKS: Final = {"HGG": "● a high-grade patient", "LGG": "◆ a low-grade one"}
_OTHER_MARK: Final = "■ a patient whose grade is not known"
_SPREAD: Final = 0.36  # of the room of one model that its patients' markers take
_MEAN_AT: Final = 0.32  # to the right of them
_QUIET: Final = "#7f8a97"  # reads on the dark and on the light theme
_EDGE: Final = "#0b0d10"
_DASHES: Final = {"wt": "solid", "tc": "dash", "et": "dot"}
_HEIGHT: Final = 330
_LONGEST_LINE: Final = 10  # letters: four such names stand beside one another on a phone


def strip_figure(results: Results, measure: Measure, region: str) -> go.Figure:
    """Every patient of every model in one region; beside them the mean with its interval.

    A patient stands at the same place in the strip of every model.
    """
    figure = go.Figure()
    models = list(results["models"])
    for place, name in enumerate(models):
        result = results["models"][name]
        figure.add_trace(_patients(place, name, result["patients"], measure, region))
        figure.add_trace(_mean(place, name, result["summary"]["all"], measure, region))
    figure.update_layout(title=REGION_NAMES[region], **_layout())
    labels = [title_of(name).replace(" ", "<br>") for name in models]
    figure.update_xaxes(
        tickvals=list(range(len(models))), ticktext=labels, tickangle=0, showgrid=False
    )
    figure.update_yaxes(title=measure.axis, **_range(measure))
    return figure


def marks_sentence(results: Results) -> str:
    """What each shape in the strips stands for."""
    models = results["models"].values()
    grades = {each.get("grade") for model in models for each in model["patients"].values()}
    marks = [mark for grade, mark in _MARKS.items() if grade in grades]
    if grades - set(_MARKS):
        marks.append(_OTHER_MARK)
    return (
        f"{', '.join(marks)}; beside them the mean of all with its interval. Point at a mark for "
        "the patient's name."
    )


def _patients(
    place: int, name: str, patients: Mapping[str, dict], measure: Measure, region: str
) -> go.Scatter:
    values = [patient[measure.key][region] for patient in patients.values()]
    grades = [patient.get("grade") for patient in patients.values()]
    hover = [
        f"{case}<br>{GRADES.get(grade, 'Grade not known')}<br>{title_of(name)}: "
        f"{measure.written(value)} {measure.unit}"
        for case, grade, value in zip(patients, grades, values, strict=True)
    ]
    return go.Scatter(
        x=[place - 0.08 + offset for offset in _offsets(len(values))],
        y=values,
        mode="markers",
        name=title_of(name),
        text=hover,
        hovertemplate="%{text}<extra></extra>",
        marker={
            "color": PANEL_COLOURS[name],
            "symbol": [_SYMBOLS.get(grade, _OTHER_SYMBOL) for grade in grades],
            "size": 10,
            "opacity": 0.85,
            "line": {"width": 1, "color": _EDGE},
        },
    )


def _offsets(count: int) -> list[float]:
    if count == 1:
        return [0.0]
    return [_SPREAD * (index / (count - 1) - 0.5) for index in range(count)]


def _mean(place: int, name: str, summary: dict, measure: Measure, region: str) -> go.Scatter:
    described = summary[measure.key][region]
    mean, interval = described["mean"], described["interval"] or [described["mean"]] * 2
    return go.Scatter(
        x=[place + _MEAN_AT],
        y=[mean],
        mode="markers",
        name=f"{title_of(name)}, mean",
        error_y={
            "array": [interval[1] - mean],
            "arrayminus": [mean - interval[0]],
            "color": PANEL_COLOURS[name],
            "thickness": 2,
            "width": 4,
        },
        marker={
            "symbol": "line-ew",
            "size": 16,
            "line": {"width": 3, "color": PANEL_COLOURS[name]},
        },
        hovertemplate=f"{title_of(name)}, mean of all<br>{measure.written(mean)} "
        f"[{measure.written(interval[0])}, {measure.written(interval[1])}] "
        f"{measure.unit}<extra></extra>",
    )


def _range(measure: Measure) -> dict:
    return {"range": [-0.03, 1.03]} if measure.key in ("dice", "lesion_dice") else {}


def curve_figure(
    curves: Mapping[str, pd.DataFrame], region: str, *, title: str | None = None
) -> go.Figure:
    """Dice of one region on the validation patients while each model learned.

    Args:
        curves: Of each model, with a column a region.
        region: Which.
        title: Of the chart, if not the name of the region.
    """
    lines = [
        go.Scatter(
            x=curve.index,
            y=curve[region.upper()],
            name=title_of(name),
            mode="lines+markers",
            line={"color": PANEL_COLOURS[name], "width": 2},
            hovertemplate=f"{title_of(name)}, step %{{x}}: %{{y:.2f}}<extra></extra>",
        )
        for name, curve in curves.items()
        if region.upper() in curve
    ]
    figure = go.Figure(lines)
    figure.update_layout(title=title or REGION_NAMES[region], **_layout())
    figure.update_xaxes(title="Training step", showgrid=False)
    figure.update_yaxes(title="Dice", range=[-0.03, 1.03])
    return figure


def learning_figure(curve: pd.DataFrame, name: str) -> go.Figure:
    """Dice of every region on the validation patients while one model learned."""
    lines = [
        go.Scatter(
            x=curve.index,
            y=curve[region.upper()],
            name=region.upper(),
            mode="lines",
            line={"color": PANEL_COLOURS.get(name, _QUIET), "width": 2, "dash": dash},
            hovertemplate=f"{REGION_NAMES[region]}, step %{{x}}: %{{y:.2f}}<extra></extra>",
        )
        for region, dash in _DASHES.items()
        if region.upper() in curve
    ]
    figure = go.Figure(lines)
    figure.update_layout(**_layout() | {"height": 220, "showlegend": True})
    figure.update_layout(
        margin={"t": 30}, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"}
    )
    last = curve.index.max() * 1.02
    figure.update_xaxes(title="Training step", showgrid=False, range=[0, last])
    figure.update_yaxes(title="Dice", range=[-0.03, 1.03])
    return figure


def leak_figure(leak: Results, scores: Sequence[str]) -> go.Figure:
    """How much higher the leaking split scores, by way of scoring and region."""
    figure = go.Figure()
    for region, symbol in zip(REGIONS, ("circle", "diamond", "square"), strict=True):
        entries = [leak["own_test"][score] for score in scores]
        figure.add_trace(_inflation(entries, region, symbol))
    figure.add_hline(y=0, line={"color": _QUIET, "width": 1})
    layout = _layout() | {"showlegend": True, "scattermode": "group"}
    figure.update_layout(**layout | {"height": _HEIGHT + 30})
    # Above: the lines of the names below are as many as they are.
    figure.update_layout(
        title={"text": "How much the leak adds", "y": 0.98, "yanchor": "top"},
        margin={"t": 90},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"},
    )
    figure.update_yaxes(title="Dice, difference")
    figure.update_xaxes(showgrid=False, tickangle=0)
    return figure


def _inflation(entries: list[dict], region: str, symbol: str) -> go.Scatter:
    values = [entry[region]["difference"] for entry in entries]
    edges = [entry[region]["interval"] for entry in entries]
    return go.Scatter(
        x=["<br>".join(wrap(entry["title"], _LONGEST_LINE)) for entry in entries],
        y=values,
        mode="markers",
        name=REGION_NAMES[region],
        offsetgroup=region,
        marker={"symbol": symbol, "size": 10, "color": _QUIET},
        error_y={
            "array": [high - value for value, (_, high) in zip(values, edges, strict=True)],
            "arrayminus": [value - low for value, (low, _) in zip(values, edges, strict=True)],
            "color": _QUIET,
        },
        hovertemplate="%{y:+.3f}<extra>" + REGION_NAMES[region] + "</extra>",
    )


def _layout() -> dict:
    return {
        "height": _HEIGHT,
        "showlegend": False,
        "margin": {"l": 10, "r": 10, "t": 46, "b": 10},
        "hoverlabel": {"namelength": -1},
    }
