"""What is kept of a fold: its network once it is trained, and until then how far it has come."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from common.errors import InputError
from training.run.checkpoint import load_checkpoint, save_checkpoint
from training.volume_config import VolumeConfig

# What settings were before they were kept: networks of then are networks of now.
_NOT_YET: Final = {
    "partial": [],
    "lgg_heads": [],
    "lgg_weight": 1.0,
    "volume": asdict(VolumeConfig()),
    "options": {},
    "fold_teachers": [],
}


class KeptFold:
    """The files of one fold; each says whom it was made without, and by which recipe.

    Args:
        folder: Of the run.
        name: What the files' names begin with.
        held_out: The patients it is trained without.
        recipe: All that makes its network what it is, as JSON holds it.
    """

    def __init__(
        self, folder: Path, name: str, held_out: list[str], recipe: dict[str, Any]
    ) -> None:
        self._network = folder / f"{name}_network.pt"
        self._checkpoint = folder / f"{name}_checkpoint.pt"
        self._held_out, self._recipe = held_out, recipe

    def network(self) -> dict[str, Any] | None:
        """The tensors of the trained network by their names; None before it is trained.

        Raises:
            InputError: if the file is of other patients or another recipe.
        """
        return self._read(self._network, "model")

    def keep_network(self, tensors: dict[str, Any]) -> None:
        """Keep those of the trained network, whose training need not go on."""
        self._write(self._network, "model", tensors)
        self._checkpoint.unlink(missing_ok=True)

    def progress(self) -> dict[str, Any] | None:
        """What :meth:`training.run.train.Run.restore` goes on from; None where nothing was begun.

        Raises:
            InputError: as of :meth:`network`.
        """
        return self._read(self._checkpoint, "run")

    def keep_progress(self, state: dict[str, Any]) -> None:
        """Keep what :meth:`training.run.train.Run.state` returned."""
        self._write(self._checkpoint, "run", state)

    def _write(self, file: Path, what: str, content: dict[str, Any]) -> None:
        kept = {"held_out": self._held_out, "recipe": self._recipe, what: content}
        save_checkpoint(kept, file)

    def _read(self, file: Path, what: str) -> dict[str, Any] | None:
        if not file.exists():
            return None
        kept = load_checkpoint(file)
        if kept["held_out"] != self._held_out:
            raise InputError(
                f"{file} was trained without other patients than those of its fold now; give the "
                "configuration another run_folder, or delete it."
            )
        recipe = _NOT_YET | kept.get("recipe", {})
        recipe["volume"] = _NOT_YET["volume"] | recipe["volume"]
        other = [key for key in sorted(self._recipe) if recipe.get(key) != self._recipe[key]]
        if other:
            raise InputError(
                f"{file} was trained by another configuration ({', '.join(other)}); give this one "
                "another run_folder, or delete it."
            )
        return kept[what]
