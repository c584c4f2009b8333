"""Every patient scored once, by a network that never saw it.

Six test patients leave wide intervals. Here the patients of all splits are dealt into folds, each
grade evenly; for each fold the network is trained anew on the others and scored on it. It is the
recipe that is scored so, not the weights that are shipped: those were trained on some of these
patients.
"""

import itertools
from collections.abc import Iterable
from pathlib import Path

from torch import nn

from common.errors import InputError
from inference.case import Case
from inference.network.engine import segment
from model_zoo.graph_network import GraphNetwork
from training.config import TrainingConfig
from training.data.patients import SPLITS, read_cases, read_grades, split_cases
from training.data.volume.thick_slices import thick_copy
from training.data.volume.weak_enhancement import weak_copy
from training.experiments.folds import Folds
from training.release.quantise import quantised_network
from training.results import CONVENTION, provenance
from training.scoring.evaluate import score
from training.scoring.summary import summarise

SPLIT = "cross-validation"

_Network = nn.Module | GraphNetwork


def cross_validate(
    config: TrainingConfig,
    data: Path,
    *,
    folds: int,
    splits: tuple[str, ...] = SPLITS,
    thick: float | None = None,
    enhancement: float | None = None,
    int8: bool = False,
) -> dict:
    """Train one network for each fold and score every patient with the one that never saw it.

    The network of a fold that was trained before is read from the run's folder.

    Args:
        config: See :class:`training.experiments.folds.Folds`.
        data: Folder with ``cases.csv`` and the cases of every split.
        folds: Into how many the patients are dealt.
        splits: Whose patients; a choice between recipes leaves those of the test split out.
        thick: Score them in slices of so many mm, interpolated back; None for as they are.
        enhancement: Score them with such a share of their tumour's enhancement left; None for all.
        int8: Score the int8 form of each network, its ranges measured on whom it has learned from.

    Returns:
        As :func:`training.scoring.evaluate.evaluate`, with ``"split": "cross-validation"``, how it
        was trained (``"about"``, ``"folds"``, ``"steps"``, ``"batch"``) and scored (``"splits"``,
        ``"slices_mm"``, ``"enhancement"``, ``"arithmetic"``, and in words ``"scored"``), and in
        each patient its ``"fold"``.

    Raises:
        InputError: see :class:`training.experiments.folds.Folds`.
    """
    networks = Folds(config, data, patients_of(data, splits), folds)
    patients = {}
    for fold, held_out in enumerate(networks.dealt, 1):
        network: _Network = networks.network(fold)
        if int8:
            learned_from = read_cases(data, networks.others(fold))
            network = quantised_network(config.model, network, learned_from)
        cases = read_cases(data, held_out)
        shown = (_shown(case, thick, enhancement) for case in cases)
        patients |= _scores(network, shown, data, fold)
    options = "" if splits == SPLITS else f" --split {' '.join(splits)}"
    options += "" if thick is None else f" --thick {thick:g}"
    options += "" if enhancement is None else f" --enhancement {enhancement:g}"
    options += " --precision int8" if int8 else ""
    command = f"python -m training cross-validate CONFIG --data DIR --folds {folds}{options}"
    return {
        "split": SPLIT,
        "about": config.about,
        "folds": folds,
        "splits": list(splits),
        "scored": _in_words(thick, enhancement),
        "slices_mm": thick,
        "enhancement": enhancement,
        "steps": config.steps,
        "batch": config.batch,
        "convention": CONVENTION,
        **provenance(command, [network]),
        "models": {config.model: {"patients": patients, "summary": summarise(patients)}},
    }


def train_fold(
    config: TrainingConfig, data: Path, fold: int, *, folds: int, splits: tuple[str, ...] = SPLITS
) -> None:
    """Train the network of one fold and keep it; several processes may each train one.

    Args:
        config: As of :func:`cross_validate`.
        data: As of it.
        fold: Which, counted from 1.
        folds: As of it.
        splits: As of it.

    Raises:
        InputError: as of it, and if there is no such fold.
    """
    if not 1 <= fold <= folds:
        raise InputError(f"There is no fold {fold} of {folds}.")
    Folds(config, data, patients_of(data, splits), folds).network(fold)


def patients_of(data: Path, splits: Iterable[str]) -> list[str]:
    """The patients of some splits."""
    return list(itertools.chain(*(split_cases(data, split) for split in splits)))


def _shown(case: Case, thick: float | None, enhancement: float | None) -> Case:
    """As a scanner would have seen it: contrast is taken up before slices are made."""
    if enhancement is not None:
        case = weak_copy(case, enhancement)
    return case if thick is None else thick_copy(case, thick)


def _in_words(thick: float | None, enhancement: float | None) -> str:
    changes = []
    if enhancement is not None:
        changes.append(f"{100 * enhancement:g} % of the enhancement")
    if thick is not None:
        changes.append(f"slices of {thick:g} mm")
    return ", ".join(changes) or "as they are"


def _scores(model: _Network, cases: Iterable[Case], data: Path, fold: int) -> dict[str, dict]:
    grades = read_grades(data)
    return {
        case.name: {"grade": grades.get(case.name), "fold": fold} | _score(model, case)
        for case in cases
    }


def _score(model: _Network, case: Case) -> dict:
    found = segment(case, model, name=SPLIT)
    scored = tuple(region for region in found.regions if region in case.truth_regions)
    return score(found.labels, case, scored)
