"""How good a network is on whole patients, while it is trained."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from torch import nn

from inference.case import Case
from inference.metrics import region_dice
from inference.network.engine import segment
from inference.network.slice_adapter import slice_adapter_of
from training.config import TrainingConfig
from training.data.learners import validation_names
from training.data.patients import read_cases
from training.run.processes import Processes


class Validation:
    """The patients that a training is validated on; each process has some of them.

    Args:
        config: Says who they are.
        data: Folder with ``cases.csv`` and the cases.
        processes: Who validate together.
        in_memory: Whether they are read once for all validations, or anew for each.
    """

    def __init__(
        self, config: TrainingConfig, data: Path, processes: Processes, *, in_memory: bool
    ) -> None:
        self._data, self._processes = data, processes
        self._names = validation_names(config, data)[processes.part]
        self._cases = list(read_cases(data, self._names)) if in_memory else None

    def dice(self, model: nn.Module) -> dict[str, float]:
        """Mean Dice over all patients of every region that the model answers."""
        cases = read_cases(self._data, self._names) if self._cases is None else self._cases
        scores = self._processes.joined(_scores(model, cases))
        regions = slice_adapter_of(model).regions
        return {region: float(np.mean([score[region] for score in scores])) for region in regions}


def _scores(model: nn.Module, cases: Iterable[Case]) -> list[dict[str, float]]:
    model.eval()
    return [
        region_dice(segment(case, model, name="validation").labels, case.truth) for case in cases
    ]
