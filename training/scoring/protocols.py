"""The same weights and the same predictions, scored as published projects have scored theirs.

A Dice means little without how it was taken. Five other ways that are in use stand here beside the
honest one. Each takes the pixel counts of every slice of every patient, so that all of them see
the very same predictions. None but the first shows how well a new patient would be segmented.

``honest``
    Dice of each patient in 3D over all its slices, averaged over the patients. Of challenges.
``batches_of_tumour``
    Slices without true tumour are left out; the rest, in the order of the patients, go in batches
    of 16; Dice of all pixels of a batch together, averaged over the batches. Of projects that
    report what their training loop prints, with a loader that drops empty slices.
``pooled_tumour``
    Slices without true tumour are left out; one Dice of all pixels of the rest, whomever they
    belong to. Of projects that turn patients into a folder of tumour pictures.
``per_slice``
    Dice of every slice by itself, 1 if the region is neither there nor drawn, averaged over the
    slices of all patients. Of projects that treat every slice as a case.
``with_background``
    All pixels of all slices together; the mean of the Dice of the region and of the Dice of all
    that is not the region. Of projects that take the background for one more class.
``pixel_accuracy``
    The share of all pixels that are called rightly. Dice with both classes in one sum is this
    number too: a pixel that is wrong is missing in one class and extra in the other. Of projects
    that report accuracy, or a Dice over the flattened one-hot output.

The triple sigmoid is no way of scoring but a fault: a sigmoid in the network, a second in the
loss or the wrapper, a third before the threshold of 0.5. A sigmoid of anything that is not
negative is at least 0.5, so every pixel of every slice becomes tumour. Here it is done to our
probabilities, which are one sigmoid already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from common.errors import InputError
from common.labels import labels_to_regions
from common.vocabulary import REGIONS
from inference.case import Case
from inference.network.preprocess import uncrop
from inference.network.segmentation import Segmentation
from model_zoo.registry import contract
from training.results import markdown_table, provenance
from training.scoring.evaluation_options import evaluation_command
from training.scoring.predictions import CONSENSUS, Predictions
from training.scoring.slice_counts import SliceCounts, by_region

_BATCH = 16
_THRESHOLD = 0.5

# One entry a patient.
Patients = list[SliceCounts]


@dataclass(frozen=True)
class Protocol:
    """A way of turning predictions into one number a region.

    Args:
        title: Of its row.
        sentence: What it does, for a reader.
        score: (3,) scores of WT, TC and ET from the patients' counts.
    """

    title: str
    sentence: str
    score: Callable[[Patients], np.ndarray]


def honest(patients: Patients) -> np.ndarray:
    """Mean over patients of the Dice of all their slices together."""
    return np.mean([patient.pooled_dice() for patient in patients], axis=0)


def batches_of_tumour(patients: Patients) -> np.ndarray:
    """Mean over batches of 16 tumour slices of the Dice of a batch."""
    slices = _tumour_slices(patients)
    starts = range(0, max(len(slices), 1), _BATCH)  # nothing to find is one empty batch
    return np.mean([slices[start : start + _BATCH].pooled_dice() for start in starts], axis=0)


def with_background(patients: Patients) -> np.ndarray:
    """Mean of the pooled Dice of a region and that of its background."""
    slices = SliceCounts.join(patients)
    return (slices.pooled_dice() + slices.background().pooled_dice()) / 2


def pixel_accuracy(patients: Patients) -> np.ndarray:
    """Share of all pixels that are called rightly."""
    return SliceCounts.join(patients).accuracy()


def per_slice(patients: Patients) -> np.ndarray:
    """Mean over slices of their own Dice, 1 where nothing is there and nothing drawn."""
    return SliceCounts.join(patients).each_dice().mean(axis=0)


def pooled_tumour(patients: Patients) -> np.ndarray:
    """Dice of all pixels of all tumour slices together."""
    return _tumour_slices(patients).pooled_dice()


def _tumour_slices(patients: Patients) -> SliceCounts:
    slices = SliceCounts.join(patients)
    return slices[slices.with_tumour]


PROTOCOLS = {
    "honest": Protocol(
        "Per patient in 3D (ours)",
        "Dice of each patient over the whole volume, averaged over the patients.",
        honest,
    ),
    "batches_of_tumour": Protocol(
        "Tumour slices in batches of 16",
        "Slices without tumour are left out; Dice is taken over a batch of 16 slices at once and "
        "averaged over the batches.",
        batches_of_tumour,
    ),
    "pooled_tumour": Protocol(
        "All tumour slices together",
        "Slices without tumour are left out; one Dice is taken over all pixels of the rest, so "
        "that large tumours decide it.",
        pooled_tumour,
    ),
    "per_slice": Protocol(
        "Mean over slices, empty as 1",
        "Every slice has its own Dice, and counts 1 where there is nothing and nothing is drawn, "
        "as in most slices.",
        per_slice,
    ),
    "with_background": Protocol(
        "Background counted as a class",
        "The mean of the Dice of the region and the Dice of everything else, which is nearly 1 "
        "whatever is drawn.",
        with_background,
    ),
    "pixel_accuracy": Protocol(
        "Pixel accuracy",
        "The share of pixels called rightly, air around the head included. Dice of tumour and "
        "background in one sum is the same number.",
        pixel_accuracy,
    ),
}

_TRIPLE_SENTENCE = (
    "The sigmoid is applied three times instead of once, with the usual threshold of 0.5: every "
    "pixel becomes tumour, whatever the network has learned."
)


def compare_protocols(data: Path, split: str, names: tuple[str, ...]) -> dict:
    """Score models, and the consensus of several, under every protocol.

    Returns:
        ``{"split", "patients", "arithmetic", "machine", "command", "models": {NAME: {"weights",
        "protocols": {KEY: {"title", "sentence", REGION...}}}}, "triple_sigmoid": {"title",
        "sentence", "share_of_pixels", "dice", "per_slice", "models": {NAME: the same three}}}``;
        the triple sigmoid's own numbers are the mean over the models.

    Raises:
        InputError: if a model or a truth says nothing of one of the three regions, which would
            be scored nevertheless.
    """
    for name in names:
        _check_regions(f"{name} answers", contract(name).regions)
    predictions = Predictions(data, split, names)
    counts: dict[str, Patients] = {}
    tripled: dict[str, Patients] = {}
    for case, found in predictions:
        _check_regions(f"The truth of {case.name} marks", case.truth_regions)
        true = _slices_first(labels_to_regions(case.truth))
        for name, segmentation in found.items():
            predicted = _slices_first(labels_to_regions(segmentation.labels))
            counts.setdefault(name, []).append(SliceCounts.of(predicted, true))
            if name != CONSENSUS:
                everything = _slices_first(triple_sigmoid(segmentation, case))
                tripled.setdefault(name, []).append(SliceCounts.of(everything, true))
    return {
        "split": split,
        "patients": len(counts[names[0]]),
        **provenance(evaluation_command("protocols", split, names), predictions.models),
        "models": {
            name: {"weights": predictions.weights(name), "protocols": _scores(patients)}
            for name, patients in counts.items()
        },
        "triple_sigmoid": _triple_report(tripled),
    }


def _check_regions(who: str, regions: tuple[str, ...]) -> None:
    if set(regions) != set(REGIONS):
        given, needed = (", ".join(each).upper() for each in (regions, REGIONS))
        raise InputError(f"{who} {given} alone; protocols score {needed}.")


def triple_sigmoid(segmentation: Segmentation, case: Case) -> np.ndarray:
    """(3, X, Y, Z) bool regions after two sigmoids too many."""
    once = np.stack([uncrop(p, segmentation.box, case.shape) for p in segmentation.probabilities])
    return _sigmoid(_sigmoid(once.astype(np.float32))) > _THRESHOLD


def _sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


def _slices_first(regions: np.ndarray) -> np.ndarray:
    """(3, X, Y, Z) to (3, Z, X, Y)."""
    return regions.transpose(0, 3, 1, 2)


def _scores(patients: Patients) -> dict[str, dict]:
    return {
        key: {"title": protocol.title, "sentence": protocol.sentence}
        | by_region(protocol.score(patients))
        for key, protocol in PROTOCOLS.items()
    }


def _triple_report(models: dict[str, Patients]) -> dict:
    scores = {name: _triple_scores(patients) for name, patients in models.items()}
    several = list(scores.values())
    return {
        "title": "Triple sigmoid",
        "sentence": _TRIPLE_SENTENCE,
        "share_of_pixels": float(np.mean([each["share_of_pixels"] for each in several])),
        **{
            measure: {
                region: float(np.mean([each[measure][region] for each in several]))
                for region in REGIONS
            }
            for measure in ("dice", "per_slice")
        },
        "models": scores,
    }


def _triple_scores(patients: Patients) -> dict:
    slices = SliceCounts.join(patients)
    return {
        "share_of_pixels": float(slices.predicted[:, 0].sum() / slices.pixels.sum()),
        "dice": by_region(honest(patients)),
        "per_slice": by_region(per_slice(patients)),
    }


def format_protocols(results: dict) -> str:
    """One Markdown table: a row a model and protocol, the honest row first, the fault last."""
    header = ["Model", "Protocol", *(region.upper() for region in REGIONS)]
    rows = [
        [name, protocol["title"], *_cells(protocol)]
        for name, model in results["models"].items()
        for protocol in model["protocols"].values()
    ]
    triple = results["triple_sigmoid"]
    titles = {"dice": "per patient in 3D", "per_slice": "mean over slices, empty as 1"}
    rows += [
        ["all models", f"{triple['title']}, {title}", *_cells(triple[measure])]
        for measure, title in titles.items()
    ]
    return markdown_table(header, rows)


def _cells(scores: dict) -> list[str]:
    return [f"{scores[region]:.3f}" for region in REGIONS]
