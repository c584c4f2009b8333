"""What finds the brain in an image with its skull: the network ``brain_mask``."""

import numpy as np

from inference.geometry.native_grid import NativeGrid
from inference.preparation.brain.brain_mask import brain_logits, drawn
from inference.preparation.prepare import BrainFinder
from model_zoo.weights.loading import load_model

BRAIN_MASK = "brain_mask"


def brain_finder() -> BrainFinder:
    """Load the network, once for all images of a case.

    Raises:
        WeightsError: if its weights are missing.
    """
    model, _ = load_model(BRAIN_MASK)

    def find(image: np.ndarray, grid: NativeGrid) -> np.ndarray:
        logits = brain_logits(image, grid.ras_spacing, model)
        # What it calculated in takes as much as the images of a case.
        model.rest(for_long=True)
        return drawn(logits, grid).mask

    return find
