"""How wide a network has to be: narrower ones held against those of the registry."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from workspace.benchmark.judged import gains, judged_recipes, trained_and_scored
from workspace.benchmark.scores import Row
from workspace.models.evaluation_results import RESULTS, Results

FOLDER: Final = RESULTS / "widths"


def judged_widths(*, folder: Path = FOLDER) -> list[Results]:
    """As :func:`workspace.benchmark.judged.judged_recipes`."""
    return judged_recipes(folder)


def widths_sentence(judged: Sequence[Results]) -> str:
    """How they were held against each other, and what a figure says."""
    first = judged[0]
    return (
        "Fewer channels are less arithmetic. Each network, and the one it is held against, was "
        f"trained for {trained_and_scored(judged)} A figure is the gain of Dice, patient by "
        "patient, with its interval of 95 %. "
        f"Measured in {first['arithmetic']} on {first['machine']}."
    )


def widths_rows(judged: Sequence[Results], group: str) -> list[Row]:
    """One row a network: what a group of patients gains in each region."""
    return [
        {"Narrower network": results["about"].rstrip(".")} | gains(results, group)
        for results in judged
    ]
