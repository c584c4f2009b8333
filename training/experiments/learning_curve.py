"""Whether more patients are what is missing: one recipe, taught by more and more of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from common.vocabulary import REGIONS
from training.config import TrainingConfig
from training.data.patients import SPLITS
from training.experiments.cross_validation import cross_validate
from training.experiments.paired_recipes import paired_difference
from training.results import markdown_table
from training.scoring.summary import Described


def learning_curve(
    config: TrainingConfig,
    data: Path,
    counts: Sequence[int],
    *,
    folds: int,
    splits: tuple[str, ...] = SPLITS,
) -> dict:
    """Cross-validate one recipe with so many patients to learn from, then with more.

    The patients scored are the same for all, and so are the steps; who is among few is also among
    more. Trained folds are kept, each count in a folder of its own.

    Args:
        config: The recipe.
        data: Folder with ``cases.csv`` and the cases.
        counts: How many patients each network learns from, rising.
        folds: Into how many the patients are dealt, alike for all.
        splits: Whose patients.

    Returns:
        ``{"command", "folds", "steps", "batch", "counts": {N: {"models", "difference"}}}`` and
        where it was measured: scores as of
        :func:`training.experiments.cross_validation.cross_validate`, and from the second count on
        as ``"difference"`` what :func:`paired_difference` gives against the count before.

    Raises:
        InputError: as of :class:`training.experiments.folds.Folds`, and if a fold leaves fewer
            patients to learn from than are asked for.
    """
    found: dict[str, dict] = {}
    before: dict[str, dict] | None = None
    for count in counts:
        few = replace(config, patients=count, run_folder=config.run_folder / f"{count}_patients")
        results = cross_validate(few, data, folds=folds, splits=splits)
        [model] = results["models"].values()
        found[str(count)] = {"models": results["models"]}
        if before is not None:
            found[str(count)]["difference"] = paired_difference(model["patients"], before)
        before = model["patients"]
    listed = " ".join(map(str, counts))
    command = results["command"].replace("cross-validate", "learning-curve")
    kept = {key: value for key, value in results.items() if key != "models"}
    return kept | {"command": f"{command} --patients {listed}", "counts": found}


def format_curve(results: dict) -> str:
    """Dice by patients learned from, and what the last step brought, as a Markdown table."""
    regions = _regions(results)
    header = ["Learned from", "Scored", *(f"{region.upper()} Dice" for region in regions)]
    header += [f"{region.upper()}, against fewer" for region in regions]
    rows = []
    for count, found in results["counts"].items():
        [model] = found["models"].values()
        for group, summary in model["summary"].items():
            gains = found.get("difference", {}).get(group)
            rows.append(
                [
                    count,
                    f"{summary['patients']} {group}",
                    *(_cell(summary["dice"][region], ".3f") for region in regions),
                    *(_cell(gains["dice"][r], "+.3f") if gains else "" for r in regions),
                ]
            )
    return markdown_table(header, rows)


def _regions(results: dict) -> list[str]:
    [model] = next(iter(results["counts"].values()))["models"].values()
    return [region for region in REGIONS if region in model["summary"]["all"]["dice"]]


def _cell(found: Described, style: str) -> str:
    interval = found["interval"]
    bounds = f" [{interval[0]:{style}}, {interval[1]:{style}}]" if interval else ""
    return f"{found['mean']:{style}}{bounds}"
