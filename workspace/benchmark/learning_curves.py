"""Which models share a chart of how they learned: those with the same patients and regions."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from common.vocabulary import REGION_NAMES, REGIONS
from workspace.benchmark.scores import title_of
from workspace.models.model_facts import ModelFacts


@dataclass(frozen=True)
class CurveChart:
    """One region of some models.

    Args:
        title: The region, and the model where it stands alone.
        region: Which.
        curves: By model, validation Dice by training step with a column a region.
    """

    title: str
    region: str
    curves: dict[str, pd.DataFrame]


def curve_charts(models: Iterable[ModelFacts]) -> list[CurveChart]:
    """A chart a region for all models that were validated on the same patients and regions.

    Args:
        models: In the order of the charts; one without a log or without weights has no curve.
    """
    groups: dict[tuple, dict[str, pd.DataFrame]] = {}
    for facts in models:
        if facts.config is None or facts.curve.empty:
            continue
        of = (facts.config.get("data", "brats"), tuple(facts.curve.columns))
        groups.setdefault(of, {})[facts.contract.name] = facts.curve
    return [
        CurveChart(_title(region, curves), region, curves)
        for (_, columns), curves in groups.items()
        for region in REGIONS
        if region.upper() in columns
    ]


def _title(region: str, curves: dict[str, pd.DataFrame]) -> str:
    if len(curves) > 1:
        return REGION_NAMES[region]
    (name,) = curves
    return f"{title_of(name)}: {REGION_NAMES[region].lower()}"
