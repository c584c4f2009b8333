"""Learning from larger networks what a small one would not find in the truth alone.

Source: Hinton, Vinyals, Dean 2015, Distilling the Knowledge in a Neural Network.
"""

import numpy as np

from inference.case import Case
from inference.engine import ready_for_inference, segment
from inference.labels import labels_to_regions
from inference.preprocess import prepare
from model_zoo.weights import load_model
from training.data import Learned


def regions_of_teachers(names: tuple[str, ...], *, share: float) -> Learned:
    """Between what the expert drew and the mean probability of some models.

    Args:
        names: Models with embedded weights, which all answer every region.
        share: Of the models' answer, from 0 for the truth alone to 1.

    Raises:
        WeightsError: if a model has no weights.
    """
    teachers = {name: ready_for_inference(load_model(name)[0]) for name in names}

    def learned(case: Case) -> np.ndarray:
        prepared = prepare(case)
        regions = (1 - share) * labels_to_regions(case.truth).astype(np.float16)
        for name, model in teachers.items():
            found = segment(case, model, name=name, prepared=prepared)
            regions[(slice(None), *found.box)] += share / len(teachers) * found.probabilities
        return regions

    return learned
