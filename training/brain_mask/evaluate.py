"""How well the brain-mask network finds the brain of heads that it has not learned from."""

import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from inference.metrics.overlap import dice
from inference.metrics.surface import hd95, union_box
from inference.preparation.brain.brain_mask import find_brain
from inference.preparation.brain.brain_vote import combine_masks
from model_zoo.weights.loading import load_model
from training.brain_mask.data.held_back import HeldBack, label_map_tests, lgg_tests, study_tests
from training.brain_mask.tables import results_table, summary
from training.results import provenance

_CORES = 2


def evaluate_weights(
    place: Path,
    *,
    labels: Path,
    held_back: tuple[str, ...],
    lgg: Path,
    taught: Path,
    study: Path | None,
) -> dict:
    """Measure a folder of weights on everything that is held back.

    Args:
        place: The folder of weights.
        labels: Folder of label maps.
        held_back: Those that nothing was learned from.
        lgg: The LGG set, whose test split is read.
        taught: The teacher's masks.
        study: An examination in DICOM.

    Returns:
        ``{"weights", "arithmetic", "machine", "command", "summary": {"GROUP/SEQUENCE": {"heads",
        "dice", "worst_dice", "hd95", "worst_hd95", "seconds"}}, "agreement": {HEAD: [Dice]},
        "rows": [...]}``; the agreement is that of each sequence's mask with the
        vote of all of one head.
    """
    torch.set_num_threads(_CORES)
    network, origin = load_model("brain_mask", folder=place, precision="float")
    rows = evaluate(label_map_tests(labels, held_back), network)
    rows += evaluate(lgg_tests(lgg, taught), network)
    agreement = agreement_of(lgg_tests(lgg, taught), network)
    if study:
        rows += evaluate(study_tests(study, taught), network)
    command = "python -m training evaluate-mask --labels DIR --lgg DIR --taught DIR --study DIR"
    facts = {"weights": origin.sha256} | provenance(command, [network])
    return facts | {"summary": summary(rows), "agreement": agreement, "rows": rows}


def format_results(results: dict) -> str:
    """The table of a measurement."""
    return results_table(results)


def evaluate(tests: Iterable[HeldBack], model: nn.Module) -> list[dict]:
    """A row for each image: Dice, HD95 in mm, millilitres of both, seconds taken."""
    rows = []
    for test in tests:
        began = time.perf_counter()
        found = find_brain(test.image, test.grid, model=model)
        seconds = time.perf_counter() - began
        spacing = test.grid.ras_spacing
        box = union_box(found.mask, test.truth)
        truth_ml = float(test.truth.sum()) * float(np.prod(spacing)) / 1000
        rows.append(
            {
                "group": test.group,
                "head": test.name,
                "sequence": test.sequence,
                "dice": round(dice(found.mask, test.truth), 4),
                "hd95": round(hd95(found.mask[box], test.truth[box], spacing), 2),
                "ml": round(found.volume_ml, 1),
                "truth_ml": round(truth_ml, 1),
                "seconds": round(seconds, 2),
            }
        )
    return rows


def agreement_of(tests: Iterable[HeldBack], model: nn.Module) -> dict[str, list[float]]:
    """Dice of the mask of each sequence with the vote of all, by head; they lie on one grid."""
    masks: dict[str, list[np.ndarray]] = {}
    for test in tests:
        found = find_brain(test.image, test.grid, model=model)
        masks.setdefault(test.name, []).append(found.mask)
    return {
        head: [round(share, 4) for share in combine_masks(found).agreement]
        for head, found in masks.items()
        if len(found) > 1
    }
