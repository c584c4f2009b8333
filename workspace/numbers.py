"""The figures under the compare view, as rows for a table."""

import math

import numpy as np

from inference.metrics import region_volumes
from workspace.colours import TRUTH
from workspace.open_case import OpenCase
from workspace.segmentations import PANEL_NAMES, Answer

Row = dict[str, str | float]


def number_rows(opened: OpenCase, answers: dict[str, Answer]) -> list[Row]:
    """One row an answer and one for the truth: volumes in ml, Dice, seconds by part.

    Areas in pixels stand in place of volumes where the size of a pixel is not known.
    """
    rows = [
        {"Model": PANEL_NAMES[name]} | _figures(opened, answer) for name, answer in answers.items()
    ]
    if opened.truth_volume_ml is None:
        return rows
    truth = _sizes(opened, opened.case.truth, opened.truth_volume_ml)
    return [{"Model": PANEL_NAMES[TRUTH]} | truth, *rows]


def _figures(opened: OpenCase, answer: Answer) -> Row:
    dice = _columns(answer.dice, "Dice") if answer.dice else {}
    times = {f"{part.capitalize()} s": value for part, value in answer.seconds.items()}
    return _sizes(opened, answer.segmentation.labels, answer.volume_ml) | dice | times


def _sizes(opened: OpenCase, labels: np.ndarray, volume_ml: dict[str, float]) -> Row:
    if opened.case.voxel_size_known:
        return _columns(volume_ml, "ml")
    return _columns(region_volumes(labels, 1), "pixels")


def _columns(values: dict[str, float], unit: str) -> Row:
    known = {region: value for region, value in values.items() if not math.isnan(value)}
    return {f"{region.upper()} {unit}": value for region, value in known.items()}
