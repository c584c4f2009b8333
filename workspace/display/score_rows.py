"""The figures under the compare view, as rows for a table."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from common.vocabulary import REGIONS, TRUTH
from inference.metrics import region_volumes
from report.rounding import three_figures
from workspace.jobs.segmentation import PANEL_NAMES, Answer
from workspace.open_case import OpenCase

Row = dict[str, str | float]


def number_rows(
    opened: OpenCase,
    answers: Mapping[str, Answer],
    hd95_mm: Mapping[str, Mapping[str, float]] = MappingProxyType({}),
) -> list[Row]:
    """One row an answer and one for the truth: volumes in ml, Dice, HD95, total seconds.

    Areas in pixels stand in place of volumes where the size of a pixel is not known.

    Args:
        opened: The case.
        answers: By name.
        hd95_mm: HD95 of the regions of those answers for which it has been measured.
    """
    rows = [
        {"Model": PANEL_NAMES[name]} | _figures(opened, answer, hd95_mm.get(name))
        for name, answer in answers.items()
    ]
    if opened.truth_volume_ml is None:
        return rows
    case = opened.case
    truth = _sizes(opened, case.truth, opened.truth_volume_ml, regions=case.truth_regions)
    return [{"Model": PANEL_NAMES[TRUTH]} | truth, *rows]


def time_rows(answers: Mapping[str, Answer]) -> list[Row]:
    """One row an answer: seconds by part, and in total."""
    return [
        {"Model": PANEL_NAMES[name]}
        | {f"{part.capitalize()} s": value for part, value in answer.seconds.items()}
        for name, answer in answers.items()
    ]


def written(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Rows as a table shows them."""
    return [{name: _written(name, value) for name, value in row.items()} for row in rows]


def _written(column: str, value: str | float) -> str:
    if isinstance(value, str):
        return value
    unit = column.split()[-1]
    if unit == "pixels":
        return f"{value:.0f}"
    if unit == "Dice":
        return f"{value:.2f}"
    return three_figures(value, decimals=2 if unit == "s" else 1)


def _figures(opened: OpenCase, answer: Answer, hd95_mm: Mapping[str, float] | None) -> Row:
    sizes = _sizes(opened, answer.segmentation.labels, answer.volume_ml)
    dice = _columns(answer.dice or {}, "Dice")
    distances = _columns(hd95_mm or {}, "HD95 mm")
    return sizes | dice | distances | {"Total s": answer.seconds["total"]}


def _sizes(
    opened: OpenCase,
    labels: np.ndarray,
    volume_ml: Mapping[str, float],
    *,
    regions: Sequence[str] = REGIONS,
) -> Row:
    sized = opened.case.voxel_size_known
    sizes = volume_ml if sized else region_volumes(labels, 1)
    return _columns({name: sizes[name] for name in regions}, "ml" if sized else "pixels")


def _columns(values: Mapping[str, float], unit: str) -> Row:
    known = {region: value for region, value in values.items() if not math.isnan(value)}
    return {f"{region.upper()} {unit}": value for region, value in known.items()}
