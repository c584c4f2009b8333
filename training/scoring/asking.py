"""How trained models are asked for what is scored, and the command line that asks so again."""

from dataclasses import dataclass
from typing import Final

from inference.planes import PLANES
from model_zoo.registry import ALL_MODELS
from model_zoo.weights_folder import INT8


@dataclass(frozen=True)
class Asking:
    """How models are asked.

    Args:
        precision: See :func:`model_zoo.weights.load_model`.
        planes: Those a model is asked in, of those it has learned from; axial always is.
    """

    precision: str = INT8
    planes: tuple[str, ...] = tuple(PLANES)

    @property
    def options(self) -> str:
        """What the command line says of it: nothing of what goes without saying."""
        precision = "" if self.precision == INT8 else f" --precision {self.precision}"
        all_planes = set(self.planes) == PLANES.keys()
        return precision + ("" if all_planes else f" --planes {' '.join(self.planes)}")


USUAL: Final = Asking()


def evaluation_command(
    command: str, split: str, names: tuple[str, ...], asking: Asking = USUAL
) -> str:
    """The command line that makes results again, wherever the data are."""
    models = "all" if names == ALL_MODELS else ",".join(names)
    asked = f"--data DIR --split {split} --model {models}{asking.options}"
    return f"python -m training {command} {asked}"
