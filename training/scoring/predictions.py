"""What trained models answer for the patients of a split: made once, scored in any way."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import torch

from common.planes import AXIAL
from inference.case import Case
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import prepare
from inference.network.segmentation import Segmentation, consensus
from model_zoo.weights.loading import load_model
from training.data.patients import Refused, read_split, split_cases
from training.scoring.evaluation_options import DEFAULT_OPTIONS, EvaluationOptions

CONSENSUS = "consensus"


class Predictions:
    """The segmentations of every patient of a split, one patient at a time.

    Args:
        data: Folder with ``cases.csv`` and the cases.
        split: ``"train"``, ``"val"`` or ``"test"``.
        names: Models; of several the consensus is made too.
        evaluation_options: How the models are run.
        refused: As of :func:`training.data.patients.read_cases`.

    Raises:
        InputError: for a split that is not in the table, before a model is loaded.
    """

    def __init__(
        self,
        data: Path,
        split: str,
        names: tuple[str, ...],
        evaluation_options: EvaluationOptions = DEFAULT_OPTIONS,
        refused: Refused | None = None,
    ) -> None:
        split_cases(data, split)
        loaded = {name: load_model(name, precision=evaluation_options.precision) for name in names}
        self._data, self._split, self._refused = data, split, refused
        self._models = {name: ready_for_inference(model) for name, (model, _) in loaded.items()}
        chosen = (AXIAL, *evaluation_options.planes)
        for model, _ in loaded.values():
            model.planes = tuple(plane for plane in model.planes if plane in chosen)
        self._origins = {name: origin for name, (_, origin) in loaded.items()}

    def __iter__(self) -> Iterator[tuple[Case, dict[str, Segmentation]]]:
        for case in read_split(self._data, self._split, self._refused):
            yield case, segmentations(case, self._models)

    @property
    def models(self) -> Iterable[torch.nn.Module]:
        """The networks that answer."""
        return self._models.values()

    def weights(self, name: str) -> str | None:
        """Checksum of a model's weights; None for the consensus, which has none of its own."""
        origin = self._origins.get(name)
        return origin.sha256 if origin else None

    def int8_weights(self, name: str) -> dict[str, str] | None:
        """Checksums of a model's int8 form by file; None where that did not do the arithmetic."""
        origin = self._origins.get(name)
        return dict(origin.int8_sha256) if origin and origin.int8_sha256 else None


def segmentations(case: Case, models: dict[str, torch.nn.Module]) -> dict[str, Segmentation]:
    """The prediction of every model for a case and, of several, their consensus."""
    prepared = prepare(case)
    found = {
        name: segment(case, model, name=name, prepared=prepared) for name, model in models.items()
    }
    if len(found) > 1:
        found[CONSENSUS] = consensus(list(found.values()))
    return found
