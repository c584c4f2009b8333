"""The pictures of best and worst cases, as a command of ``training`` has left them in a folder."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.vocabulary import REGIONS
from workspace.benchmark.scores import title_of
from workspace.models.evaluation_results import Results, read_json

_ROOT: Final = Path(__file__).parents[2]
SYNTHETIC_FOLDER: Final = _ROOT / "assets" / "pictures" / "cases"
FOLDER_VARIABLE: Final = "GLIOLENS_PICTURES"
# Git ignores it: pictures of patients must not enter the repository.
_LOCAL_FOLDER: Final = _ROOT / "local" / "pictures"
COMMAND_FOR_PATIENTS: Final = (
    "python -m training pictures --data DIR --split test --output local/pictures"
)
COMMAND_FOR_SYNTHETIC: Final = (
    "python -m training pictures --synthetic --output assets/pictures/cases"
)
_RANKS: Final = {"best": "Best", "worst": "Worst"}


@dataclass(frozen=True)
class CasePicture:
    """A picture and the line below it."""

    file: Path
    caption: str


@dataclass(frozen=True)
class PictureSet:
    """All pictures of a folder.

    Args:
        folder: Where they are.
        captions: Its ``captions.json`` (:mod:`training.cards.pictures`).
    """

    folder: Path
    captions: Results

    @property
    def about(self) -> str:
        """What the cases are, in a sentence or two."""
        return self.captions["about"]

    @property
    def command(self) -> str:
        """What made them."""
        return self.captions["command"]

    def of(self, model: str) -> Sequence[CasePicture]:
        """The best and the worst case of a model, in this order, if the files are there."""
        entries = [each for each in self.captions["pictures"] if each["model"] == model]
        entries.sort(key=lambda each: list(_RANKS).index(each["rank"]))
        shown = [CasePicture(self.folder / each["file"], _caption(each)) for each in entries]
        return [each for each in shown if each.file.is_file()]

    def triple_sigmoid(self) -> CasePicture | None:
        """One sigmoid beside three, if it was drawn."""
        triple = self.captions.get("triple_sigmoid")
        if not triple or not (self.folder / triple["file"]).is_file():
            return None
        dice = triple["dice"]
        caption = (
            f"{title_of(triple['model'])} on {triple['case']}: the whole tumour after one sigmoid "
            f"(Dice {dice['one']:.2f}) and after three (Dice {dice['three']:.2f})."
        )
        return CasePicture(self.folder / triple["file"], caption)

    def is_of(self, checksums: dict[str, str]) -> bool:
        """Whether they were drawn with these weights."""
        return all(checksums.get(name) == sha for name, sha in self.captions["weights"].items())


def read_pictures(folder: Path) -> PictureSet | None:
    """The pictures in a folder; None where there are none."""
    captions = read_json(folder / "captions.json")
    return PictureSet(folder, captions) if captions else None


def patients_folder() -> Path:
    """Where pictures of patients are looked for on this machine."""
    return Path(os.environ.get(FOLDER_VARIABLE) or _LOCAL_FOLDER)


def _caption(entry: dict) -> str:
    dice = ", ".join(f"{region.upper()} {entry['dice'][region]:.2f}" for region in REGIONS)
    return f"{_RANKS[entry['rank']]}: {entry['case']}, axial slice {entry['slice']}. Dice {dice}."
