"""All heads that training may draw from."""

import time
from pathlib import Path

from training.brain_mask.config import MaskConfig
from training.brain_mask.data.heads import Source, of_label_map, of_lgg
from training.brain_mask.data.label_maps import read_labelled_head
from training.brain_mask.data.lgg import patients_of, read_head

# A file that changed within so many seconds may not be whole yet.
_FRESH = 5.0


class Heads:
    """The sources of training; LGG heads are taken up as their teacher's masks appear.

    Args:
        config: What is held back.
        labels: Folder of label maps.
        lgg: Folder of the LGG set, or None for label maps alone.
        allowed: The list of who may train.
        taught: Folder of the teacher's masks.
    """

    def __init__(
        self, config: MaskConfig, labels: Path, lgg: Path | None, allowed: Path, taught: Path
    ) -> None:
        self._folder, self._taught = lgg, taught
        kept = [
            path
            for path in sorted(labels.glob("*.nii.gz"))
            if path.name.split(".")[0] not in config.held_back
        ]
        self.labelled = [of_label_map(read_labelled_head(path)) for path in kept]
        self._lgg: dict[str, Source] = {}
        self._waiting = patients_of(lgg, "train", allowed) if lgg else []

    @property
    def lgg(self) -> list[Source]:
        """The heads of the LGG set whose masks the teacher has made by now."""
        for patient in list(self._waiting):
            path = self._taught / f"{patient}.npz"
            if path.exists() and time.time() - path.stat().st_mtime > _FRESH:
                head = read_head(self._folder, patient, "train")
                self._lgg[patient] = of_lgg(head, path)
                self._waiting.remove(patient)
        return list(self._lgg.values())
