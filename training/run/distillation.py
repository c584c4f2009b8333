"""Learning from larger networks what a small one would not find in the truth alone.

Source: Hinton, Vinyals, Dean 2015, Distilling the Knowledge in a Neural Network.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from torch import nn

from common.labels import labels_to_regions
from inference.case import Case
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import prepare
from model_zoo.weights.loading import load_network
from training.data.slices import Learned

# From a case to (3, x, y, z) float16 probabilities inside the case's box.
Answer = Callable[[Case], np.ndarray]


def regions_of_teachers(
    names: tuple[str, ...], *, share: float, kept: Path | None = None
) -> Learned:
    """Between what the expert drew and the mean probability of some models.

    Args:
        names: Models with weights, which all answer every region.
        share: Of the models' answer, from 0 for the truth alone to 1.
        kept: Folder where their answers are kept, so that pupils that share teachers, and a run
            that is resumed, need not ask them again.

    Raises:
        WeightsError: if a model has no weights.
    """
    return regions_of_answers([_teacher(name, kept) for name in names], share=share)


def regions_of_answers(answers: Sequence[Answer], *, share: float) -> Learned:
    """Between what the expert drew and the mean of some answers.

    Args:
        answers: Of whoever teaches, each of every region.
        share: Of their mean, from 0 for the truth alone to 1.
    """

    def learned(case: Case) -> np.ndarray:
        box = (slice(None), *prepare(case).box)
        regions = (1 - share) * labels_to_regions(case.truth).astype(np.float16)
        for answer in answers:
            regions[box] += np.float16(share / len(answers)) * answer(case)
        return regions

    return learned


def _teacher(name: str, kept: Path | None) -> Answer:
    model, origin = load_network(name)
    folder = kept / f"{name}_{origin.sha256[:12]}" if kept else None
    return answer_of(ready_for_inference(model), name, folder)


def answer_of(model: nn.Module, name: str, folder: Path | None = None) -> Answer:
    """What a network answers.

    Args:
        model: In evaluation mode; it answers every region.
        name: What to call it.
        folder: Where its answers are kept by the names of cases, and read from the second time on.
    """

    def answer(case: Case) -> np.ndarray:
        return segment(case, model, name=name).probabilities.astype(np.float16)

    if folder is None:
        return answer
    folder.mkdir(parents=True, exist_ok=True)

    def kept_answer(case: Case) -> np.ndarray:
        file = folder / f"{case.name}.npy"
        if not file.exists():
            # Under another name until it is whole: a run may be killed while it writes.
            part = file.with_suffix(".part.npy")
            np.save(part, answer(case))
            part.replace(file)
        return np.load(file)

    return kept_answer
