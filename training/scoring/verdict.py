"""How much drawn tumour tells a slice with tumour from one without: chosen, then checked.

A page that shows one picture may not take a single drawn pixel for a tumour. So every slice of
the validation patients is given to the network alone, as a lone picture would be: its own crop,
its own normalisation, no neighbours. The area drawn, in percent of the tissue, is held against
whether the truth has tumour there, and the threshold with the largest sensitivity + specificity − 1
is taken (Youden 1950). What it is worth is then read once on patients it was not chosen on.

A picture seldom brings every modality, and a network draws less with fewer, so a threshold holds
for one set of them: all that the model reads, or the chosen ones.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from torch import nn

from common.errors import InputError
from common.labels import region_mask
from common.vocabulary import MODALITIES
from inference.case import Case
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import Prepared, prepare
from model_zoo.registry import contract
from model_zoo.weights.loading import load_model
from training.data.patients import data_set_in, read_split, split_cases
from training.results import markdown_table, provenance
from training.scoring.evaluation_options import evaluation_command

# Seven pixels of a brain of 15 000: whatever the patients show, a speck is no verdict.
LEAST_PERCENT: Final = 0.05

ABOUT: Final = (
    "Every axial slice with tissue was given to the network alone, cropped and normalised by "
    "itself. A slice has tumour if its truth has any. Area: whole tumour drawn, in percent of the "
    "tissue. Threshold: of largest sensitivity + specificity - 1 (Youden 1950) on the split that "
    "it was chosen on, and read once on the other. Slices of one patient are alike: they say less "
    "than as many patients would."
)


@dataclass(frozen=True)
class Areas:
    """What was drawn on N slices.

    Args:
        percent: (N,) area of the tumour drawn, in percent of the tissue.
        tumour: (N,) bool: whether the truth has tumour.
        patients: How many they are of.
    """

    percent: np.ndarray
    tumour: np.ndarray
    patients: int

    def scores_at(self, threshold: float) -> dict[str, float | int]:
        """What a threshold in percent is worth here."""
        above = self.percent > threshold
        return {
            "patients": self.patients,
            "slices": len(self.percent),
            "with_tumour": int(np.count_nonzero(self.tumour)),
            "sensitivity": float(above[self.tumour].mean()),
            "specificity": float((~above[~self.tumour]).mean()),
            "auroc": auroc(self.percent, self.tumour),
        }


def measure_verdicts(
    data: Path,
    split: str,
    check: str,
    names: tuple[str, ...],
    *,
    show: tuple[str, ...] = MODALITIES,
) -> dict:
    """Choose every model's threshold on one split, and read it on another.

    Args:
        data: Folder with ``cases.csv`` and the cases.
        split: What the thresholds are chosen on.
        check: What they are checked on.
        names: Models.
        show: The modalities that are shown, of those that a model reads.

    Returns:
        ``{"about", "models": {NAME: {"weights", "data", "readings": [{"modalities", "chosen_on",
        "checked_on", "threshold_percent", "chosen", "checked", "arithmetic", "machine",
        "command"}]}}}``; ``chosen`` and ``checked`` are what :meth:`Areas.scores_at` gives.

    Raises:
        InputError: for a split that is not in the table or has slices of one kind only, and for
            modalities that a model does not read.
    """
    if split == check:
        raise InputError(f"A threshold chosen on {split} is not checked by {split}; name another.")
    for each in (split, check):
        split_cases(data, each)
    shown = {name: shown_modalities(name, show) for name in names}
    loaded = {name: load_model(name) for name in names}
    models = {}
    for name, (model, origin) in loaded.items():
        ready = ready_for_inference(model)
        chosen, checked = (
            measured_areas(data, each, name, ready, shown[name]) for each in (split, check)
        )
        threshold = youden_threshold(chosen.percent, chosen.tumour)
        reading = {
            "modalities": list(shown[name]),
            "chosen_on": split,
            "checked_on": check,
            "threshold_percent": threshold,
            "chosen": chosen.scores_at(threshold),
            "checked": checked.scores_at(threshold),
            **provenance(_command(split, check, name, shown[name]), [ready]),
        }
        models[name] = {
            "weights": origin.sha256,
            "data": data_set_in(data).key,
            "readings": [reading],
        }
    return {"about": ABOUT, "models": models}


def shown_modalities(name: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the wanted modalities that a model reads.

    Raises:
        InputError: if it reads none of them.
    """
    read = contract(name).modalities
    shown = tuple(modality for modality in MODALITIES if modality in read and modality in wanted)
    if not shown:
        raise InputError(f"{name} reads {', '.join(read)}; it cannot be shown {', '.join(wanted)}.")
    return shown


def _command(split: str, check: str, name: str, shown: tuple[str, ...]) -> str:
    command = f"{evaluation_command('verdict', split, (name,))} --check {check}"
    return f"{command} --show {' '.join(shown)}"


def measured_areas(
    data: Path, split: str, name: str, model: nn.Module, shown: tuple[str, ...]
) -> Areas:
    """What one model draws on the lone slices of a split.

    Raises:
        InputError: where all slices have tumour, or none.
    """
    percent, tumour = [], []
    for case in read_split(data, split):
        for lone, prepared in lone_slices(_with_only(case, shown)):
            percent.append(drawn_percent(lone, prepared, model, name))
            tumour.append(bool(lone.truth.any()))
    if len(set(tumour)) < 2:
        raise InputError(
            f"Split {split} of {data} needs slices with tumour and slices without; it has one kind."
        )
    return Areas(np.array(percent), np.array(tumour), len(split_cases(data, split)))


def lone_slices(case: Case) -> Iterator[tuple[Case, Prepared]]:
    """Every axial slice with tissue as a case of its own, and what a network reads of it.

    A few pixels of one value at the crown are no image: such a picture is refused when it is read.
    """
    for index in np.flatnonzero((case.volume != 0).any(axis=(0, 1, 2))):
        only = slice(index, index + 1)
        lone = replace(case, volume=case.volume[..., only], truth=case.truth[..., only])
        prepared = prepare(lone)
        if prepared.slices.any():
            yield lone, prepared


def drawn_percent(lone: Case, prepared: Prepared, model: nn.Module, name: str) -> float:
    """The whole tumour that a model draws on a lone slice, in percent of its tissue."""
    labels = segment(lone, model, name=name, prepared=prepared).labels
    tissue = np.count_nonzero(prepared.tissue)
    return 100.0 * np.count_nonzero(region_mask(labels, "wt")) / max(tissue, 1)


def _with_only(case: Case, shown: tuple[str, ...]) -> Case:
    kept = np.array([modality in shown for modality in MODALITIES])
    volume = np.where(kept[:, None, None, None], case.volume, np.float32(0))
    return replace(case, volume=volume, present=shown)


def youden_threshold(percent: np.ndarray, tumour: np.ndarray) -> float:
    """The area in percent above which a slice is called, of largest sensitivity + specificity.

    Args:
        percent: (N,) areas.
        tumour: (N,) bool, of both kinds.

    Returns:
        Halfway between two areas, never less than ``LEAST_PERCENT``; the largest of equals.
    """
    found = np.unique(percent)
    halfway = (found[1:] + found[:-1]) / 2
    candidates = np.append(LEAST_PERCENT, halfway[halfway > LEAST_PERCENT])
    above = percent > candidates[:, None]
    gained = above[:, tumour].mean(axis=1) - above[:, ~tumour].mean(axis=1)
    return float(candidates[np.flatnonzero(gained == gained.max())[-1]])


def auroc(percent: np.ndarray, tumour: np.ndarray) -> float:
    """Chance that a slice with tumour has more drawn on it than one without; equal counts half.

    Source: Hanley and McNeil 1982, by the ranks of Mann and Whitney.
    """
    from scipy.stats import rankdata  # here, for it takes a second to import

    positives, negatives = np.count_nonzero(tumour), np.count_nonzero(~tumour)
    ranks = rankdata(percent)[tumour].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * negatives))


def verdicts_in(file: Path | None) -> dict[str, dict]:
    """What the file of an earlier run holds, by model; nothing where there is no file.

    Raises:
        InputError: for a file of something else, which would be written over.
    """
    if file is None or not file.is_file():
        return {}
    try:
        return dict(json.loads(file.read_text(encoding="utf-8"))["models"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{file} is no file of verdicts; name another, or what `training verdict` has written."
        ) from error


def with_others(results: dict, earlier: dict[str, dict]) -> dict:
    """Results, and what an earlier run found of other models and modalities.

    What was measured with other weights of the same model is left out.

    Args:
        results: Of :func:`measure_verdicts`.
        earlier: Of :func:`verdicts_in`.
    """
    models = dict(earlier)
    for name, model in results["models"].items():
        before = models.get(name)
        if before and before["weights"] == model["weights"]:
            again = [reading["modalities"] for reading in model["readings"]]
            kept = [each for each in before["readings"] if each["modalities"] not in again]
            model = model | {"readings": kept + model["readings"]}
        models[name] = model
    return results | {"models": models}


def format_verdicts(results: dict) -> str:
    """The thresholds and what they are worth as a Markdown table."""
    measures = ("sensitivity", "specificity", "auroc")
    header = ["Model", "Shown", "Threshold", "On", "Patients", "Slices", *measures]
    rows = []
    for name, model in results["models"].items():
        for reading in model["readings"]:
            for part in ("chosen", "checked"):
                found = reading[part]
                rows.append(
                    [
                        name,
                        " ".join(reading["modalities"]),
                        f"{reading['threshold_percent']:.2f} %",
                        reading[f"{part}_on"],
                        f"{found['patients']}",
                        f"{found['slices']}",
                        *(f"{found[measure]:.3f}" for measure in measures),
                    ]
                )
    return markdown_table(header, rows)
