"""The figures under the compare view, as rows for a table."""

from workspace.colours import TRUTH
from workspace.open_case import OpenCase
from workspace.segmentations import PANEL_NAMES, Answer

Row = dict[str, str | float]


def number_rows(opened: OpenCase, answers: dict[str, Answer]) -> list[Row]:
    """One row an answer and one for the truth: volumes in ml, Dice, seconds by part."""
    rows = [{"Model": PANEL_NAMES[name]} | _figures(answer) for name, answer in answers.items()]
    if opened.truth_volume_ml is None:
        return rows
    return [{"Model": PANEL_NAMES[TRUTH]} | _columns(opened.truth_volume_ml, "ml"), *rows]


def _figures(answer: Answer) -> Row:
    dice = _columns(answer.dice, "Dice") if answer.dice else {}
    times = {f"{part.capitalize()} s": value for part, value in answer.seconds.items()}
    return _columns(answer.volume_ml, "ml") | dice | times


def _columns(values: dict[str, float], unit: str) -> Row:
    return {f"{region.upper()} {unit}": value for region, value in values.items()}
