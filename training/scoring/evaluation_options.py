"""Options of an evaluation, and the command line that repeats it."""

from dataclasses import dataclass
from typing import Final

from common.planes import PLANES
from model_zoo.registry import ALL_MODELS
from model_zoo.weights.folder import INT8


@dataclass(frozen=True)
class EvaluationOptions:
    """How trained models are run for an evaluation.

    Args:
        precision: See :func:`model_zoo.weights.loading.load_model`.
        planes: Planes to predict in, of those a model was trained on; axial always is one.
    """

    precision: str = INT8
    planes: tuple[str, ...] = tuple(PLANES)

    @property
    def arguments(self) -> str:
        """The options as command line arguments; defaults are left out."""
        precision = "" if self.precision == INT8 else f" --precision {self.precision}"
        all_planes = set(self.planes) == PLANES.keys()
        return precision + ("" if all_planes else f" --planes {' '.join(self.planes)}")


DEFAULT_OPTIONS: Final = EvaluationOptions()


def evaluation_command(
    command: str,
    split: str,
    names: tuple[str, ...],
    evaluation_options: EvaluationOptions = DEFAULT_OPTIONS,
) -> str:
    """The command line that reproduces results, wherever the data are."""
    models = "all" if names == ALL_MODELS else ",".join(names)
    arguments = f"--data DIR --split {split} --model {models}{evaluation_options.arguments}"
    return f"python -m training {command} {arguments}"
