"""What a split by slice instead of by patient is worth, measured.

One model is trained twice, from the same start, with the same budget on the same number of slices:

- split by patient: on all slices of the training patients;
- split by slice: on as many slices, drawn at random from the patients of every split, so that the
  slices held out lie between slices of the same patients that were trained on. A model that reads
  neighbouring slices sees held-out ones beside those it is trained on, as it would in any project
  that splits so.

Each is scored on what it has not been trained on. ``own_test`` sets the two side by side, each on
its own test set, as two papers would. ``against_honest`` sets the leaking one's claims against
what the other reaches per patient in 3D. ``same_slices`` scores both on the very same slices,
those that neither was trained on: there, nothing differs but the leak. Slices above and below the
brain are in none of this, and every probability above 0.5 counts: what inference does afterwards
needs whole scans, which a split by slice does not hold out.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Generator, Tensor, nn
from tqdm import tqdm

from common.labels import labels_to_regions, regions_to_labels
from common.vocabulary import REGIONS
from inference.network.engine import predict, ready_for_inference
from training.config import TrainingConfig
from training.data.bank import SliceBank
from training.data.patients import SPLITS, read_cases, split_cases
from training.data.slices import build_bank
from training.experiments.inflation import Sides, honest_score, inflation, slice_scores
from training.results import markdown_table, provenance
from training.run.train import start_run, train_step
from training.scoring.protocols import Patients, honest
from training.scoring.slice_counts import SliceCounts

_THRESHOLD = 0.5


@dataclass(frozen=True)
class Side:
    """One way to split, and what a model trained so answers.

    Args:
        title: What it is called.
        training: (N,) bool, which slices of the bank it is trained on; the others are held out.
        held_out: Its answers on the slices held out, patient by patient.
        shared: Those on the slices that neither side is trained on.
    """

    title: str
    training: Tensor
    held_out: Patients
    shared: Patients


def measure_leak(config: TrainingConfig, data: Path) -> dict:
    """Train a model with and without the leak, score both, and take the difference.

    Args:
        config: What to train and how. Every patient is drawn alike; nothing is written.
        data: Folder with ``cases.csv`` and the cases, in splits ``train``, ``val`` and ``test``.

    Returns:
        ``{"model", "steps", "batch", "seed", "arithmetic", "machine", "command", "splits":
        {"slice": SPLIT, "patient": SPLIT and "honest"}, "own_test": INFLATION, "against_honest":
        INFLATION, "same_slices": {"slices", "patients", "scores": {"slice"|"patient": SCORES},
        "inflation": INFLATION}}`` with SPLIT ``{"title", "training_slices", "held_out_slices",
        "held_out_patients", "scores": SCORES}``, SCORES what
        :func:`training.experiments.inflation.slice_scores` gives and INFLATION what
        :func:`training.experiments.inflation.inflation` gives.
    """
    names = [split_cases(data, split) for split in SPLITS]
    cases = read_cases(data, itertools.chain(*names))
    bank = build_bank(tqdm(cases, desc="read", unit="case"))
    leaking, clean = _train_both(config, bank, trained=len(names[0]))
    own, shared = (leaking.held_out, clean.held_out), (leaking.shared, clean.shared)
    return {
        "model": config.model,
        "steps": config.steps,
        "batch": config.batch,
        "seed": config.seed,
        **provenance("python -m training leak CONFIG --data DIR"),
        "splits": {
            "slice": _side_report(leaking),
            "patient": _side_report(clean) | {"honest": honest_score(clean.held_out)},
        },
        "own_test": inflation(own),
        "against_honest": inflation(own, base=honest),
        "same_slices": _shared_report(shared),
    }


def _train_both(config: TrainingConfig, bank: SliceBank, *, trained: int) -> tuple[Side, Side]:
    """The side split by slice and that split by patient, of whom the first are trained on."""
    by_patient = bank.patients < trained
    by_slice = choose_slices(by_patient, seed=config.seed)
    neither = ~by_slice & ~by_patient
    leaking = _train_side(config, bank, "Split by slice", training=by_slice, neither=neither)
    clean = _train_side(config, bank, "Split by patient", training=by_patient, neither=neither)
    return leaking, clean


def choose_slices(like: Tensor, *, seed: int) -> Tensor:
    """(N,) bool: as many slices as in ``like``, drawn at random from all."""
    order = torch.randperm(len(like), generator=Generator().manual_seed(seed))
    chosen = torch.zeros_like(like)
    chosen[order[: int(like.sum())]] = True
    return chosen


def _train_side(
    config: TrainingConfig, bank: SliceBank, title: str, *, training: Tensor, neither: Tensor
) -> Side:
    run = start_run(config)
    only = restrict(bank, training)
    for _ in tqdm(range(config.steps), desc=title, unit="step"):
        train_step(run, only, config)
    model = ready_for_inference(run.average.module)
    answers = {
        number: answer(model, bank, bank.patients == number)
        for number in bank.patients[~training].unique().tolist()
    }
    return Side(title, training, *(_choose(answers, bank, each) for each in (~training, neither)))


def restrict(bank: SliceBank, training: Tensor) -> SliceBank:
    """The same slices, of which only those for training are drawn, every patient alike."""
    counts = torch.bincount(bank.patients[training], minlength=int(bank.patients.max()) + 1)
    return replace(bank, weights=training / counts.clamp(min=1)[bank.patients])


def answer(model: nn.Module, bank: SliceBank, of_patient: Tensor) -> SliceCounts:
    """Counts of what a model says of all slices of one patient."""
    probabilities = predict(model, bank.slices[of_patient].numpy()).swapaxes(0, 1)
    predicted = labels_to_regions(regions_to_labels(probabilities > _THRESHOLD))
    return SliceCounts.of(predicted, bank.targets[of_patient].numpy().swapaxes(0, 1))


def _choose(answers: dict[int, SliceCounts], bank: SliceBank, which: Tensor) -> Patients:
    """Some slices of every patient; patients of whom none is chosen are left out."""
    chosen = {number: which[bank.patients == number].numpy() for number in answers}
    return [counts[chosen[number]] for number, counts in answers.items() if chosen[number].any()]


def _side_report(side: Side) -> dict:
    return {
        "title": side.title,
        "training_slices": int(side.training.sum()),
        "held_out_slices": sum(map(len, side.held_out)),
        "held_out_patients": len(side.held_out),
        "scores": slice_scores(side.held_out),
    }


def _shared_report(shared: Sides) -> dict:
    leaking, clean = shared
    return {
        "slices": sum(map(len, clean)),
        "patients": len(clean),
        "scores": {"slice": slice_scores(leaking), "patient": slice_scores(clean)},
        "inflation": inflation(shared, paired=True),
    }


def format_leak(results: dict) -> str:
    """The scores of both splits and the inflation as a Markdown table."""
    same = results["same_slices"]
    place = f"the same {same['slices']} slices"
    rows = []
    for key, split in results["splits"].items():
        own = f"its own {split['held_out_slices']} slices"
        honest_row = [split["honest"]] if "honest" in split else []
        rows += _rows(split["title"], own, [*split["scores"].values(), *honest_row])
        rows += _rows(split["title"], place, same["scores"][key].values())
    rows += _rows("Inflation", "own slices each", results["own_test"].values())
    rows += _rows("Inflation", "against the honest score", results["against_honest"].values())
    rows += _rows("Inflation", place, same["inflation"].values())
    header = ["Trained", "Scored on", "Dice", *(region.upper() for region in REGIONS)]
    return markdown_table(header, rows)


def _rows(trained: str, place: str, scores: Iterable[dict]) -> list[list[str]]:
    return [
        [trained, place, score["title"], *(_cell(score[region]) for region in REGIONS)]
        for score in scores
    ]


def _cell(score: float | dict) -> str:
    if isinstance(score, float):
        return f"{score:.3f}"
    low, high = score["interval"]
    return f"{score['difference']:+.3f} [{low:+.3f}, {high:+.3f}]"
