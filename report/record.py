"""All that is reported of one case, gathered for tables, pictures and the PDF."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from common.vocabulary import MODALITY_NAMES
from inference.analysis.caveats import core_remark
from inference.case import Case
from inference.network.segmentation import Segmentation
from report.agreement import Agreed
from report.drawing.images import Images
from report.measures import Measures

# A name in a file system has 255 bytes; what is added to a case's name here has at most 40.
_MAX_NAME_BYTES: Final = 150


@dataclass(frozen=True, eq=False)
class Finding:
    """What one model, the consensus or the expert drew.

    Args:
        name: ``"unet"``, … ``"consensus"``, ``"truth"``.
        title: What it is called on screen.
        colour: Its colour in every chart.
        labels: (X, Y, Z) uint8 in RAS+ order.
        measures: Its figures.
        segmentation: With probabilities and weights; None for the truth.
        seconds: Time by part and its total; None for the truth.
    """

    name: str
    title: str
    colour: str
    labels: np.ndarray
    measures: Measures
    segmentation: Segmentation | None = None
    seconds: Mapping[str, float] | None = None


@dataclass(frozen=True, eq=False)
class Record:
    """One case with all findings.

    Args:
        case: The scan; its voxels are not needed.
        images: Its greys.
        findings: The truth first if there is one, the consensus last.
        differences: By model, how it differs from the others.
        read_seconds: What reading the files took.
        made: When.
        synthetic: Whether this is the generated sample and no patient.
        agreed: How far the readings of the models agree, if anyone has requested it.
    """

    case: Case
    images: Images
    findings: tuple[Finding, ...]
    differences: Mapping[str, str]
    read_seconds: float
    made: datetime
    synthetic: bool = False
    agreed: Agreed | None = None

    @property
    def segmented(self) -> tuple[Finding, ...]:
        """The findings without the truth."""
        return tuple(each for each in self.findings if each.segmentation is not None)

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be known of the files and of what was drawn."""
        return (*self.case.notes, self.remark) if self.remark else self.case.notes

    @property
    def remark(self) -> str | None:
        """What has to be known of what was drawn."""
        estimated = (each for each in self.segmented if each.segmentation.core_is_estimated)
        return core_remark(each.title for each in estimated)

    @property
    def leading(self) -> list[np.ndarray]:
        """The label maps whose largest slice is shown, as on the compare page.

        That of the truth, else those of the models.
        """
        truth = [each.labels for each in self.findings if each.segmentation is None]
        models = [each for each in self.segmented if each.segmentation.weights is not None]
        return truth or [each.labels for each in models or self.segmented]

    @property
    def best_modality(self) -> str:
        """What the pictures show: FLAIR, where oedema is brightest, if it is there."""
        present = self.case.present
        return "flair" if "flair" in present else present[0]


def file_stem(name: str) -> str:
    """A case's name as a part of a file's name: safe in every file system, and not too long.

    Letters of every script stay; whatever else could be read as a path, a wild card or an option
    becomes ``_``.
    """
    plain = unicodedata.normalize("NFC", name)
    safe = re.sub(r"[^\w.+-]+", "_", plain).strip("._-") or "case"
    while len(safe.encode()) > _MAX_NAME_BYTES:
        safe = safe[:-1]
    return safe.rstrip("._-")


def scan_facts(record: Record) -> dict[str, str]:
    """What was read, as a table's names and values."""
    case, grid = record.case, record.case.grid
    size = " × ".join(f"{mm:.3g}" for mm in grid.spacing)
    return {
        "Modalities": ", ".join(MODALITY_NAMES[name] for name in case.present),
        "Missing": ", ".join(MODALITY_NAMES[name] for name in case.missing) or "none",
        "Voxels": " × ".join(str(length) for length in grid.shape),
        "Voxel size": f"{size} mm" if case.voxel_size_known else "not known",
        "Orientation": grid.axis_codes,
        "Truth": "none" if case.truth is None else "given",
    }
