"""The figures under the compare view, as rows for a table."""

from inference.metrics import region_volumes
from inference.report import total_seconds
from inference.segmentation import Segmentation
from inference.vocabulary import REGIONS
from workspace.colours import TRUTH
from workspace.open_case import OpenCase
from workspace.segmentations import PANEL_NAMES


def number_rows(
    opened: OpenCase, segmentations: dict[str, Segmentation]
) -> list[dict[str, str | float | None]]:
    """One row a segmentation and one for the truth: volumes in ml, Dice, seconds by part."""
    rows = []
    if opened.case.truth is not None:
        volumes = region_volumes(opened.case.truth, opened.case.voxel_volume_ml)
        rows.append({"Model": PANEL_NAMES[TRUTH]} | _columns(volumes, "ml"))
    for name, found in segmentations.items():
        row = {"Model": PANEL_NAMES[name]} | _columns(found.volume_ml(opened.case), "ml")
        dice = found.dice(opened.case)
        seconds = total_seconds(found, opened.read_seconds)
        rows.append(row | (_columns(dice, "Dice") if dice else {}) | _times(seconds))
    return rows


def _columns(values: dict[str, float], unit: str) -> dict[str, float]:
    return {f"{region.upper()} {unit}": values[region] for region in REGIONS}


def _times(seconds: dict[str, float]) -> dict[str, float]:
    return {f"{part.capitalize()} s": value for part, value in seconds.items()}
