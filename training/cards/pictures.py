"""The best and the worst case of every model as pictures, with the errors marked.

``captions.json`` beside them holds their captions: ``{"about", "synthetic", "command",
"arithmetic", "machine", "cases", "weights": {NAME: checksum}, "pictures": [{"file", "model",
"rank": "best"|"worst", "case", "slice", "dice": {REGION}, "mean_dice"}], "triple_sigmoid":
{"file", "model", "case", "slice", "share_of_pixels", "dice": {"one", "three"}}}``.
"""

import operator
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from torch import nn

from common.labels import labels_to_regions, region_mask
from common.vocabulary import MODALITY_NAMES, REGION_NAMES, REGIONS
from inference.case import Case
from inference.io.export import write_whole
from inference.metrics import dice, region_dice
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import prepare
from inference.network.segmentation import Segmentation
from model_zoo.weights.loading import load_model
from report.drawing.images import Images
from report.drawing.planes import PLANES, largest_slice
from training.cards.error_panels import Panel, draw_panels
from training.cards.synthetic_cases import synthetic_cases
from training.data.patients import read_split
from training.results import provenance, write_json
from training.scoring.protocols import triple_sigmoid

CAPTIONS: Final = "captions.json"

_AXIAL = PLANES["axial"]
_QUALITY = 80
_BEATS: Final = {"best": operator.gt, "worst": operator.lt}
# On which image a reader judges a region.
_LOOKED_AT: Final = {"wt": "flair", "tc": "t1c", "et": "t1c"}
_SYNTHETIC = "Synthetic case, not a patient."
_ABOUT_SYNTHETIC = (
    "Made-up heads with made-up tumours, drawn from formulas: no patients. How well a model does "
    "on them says nothing about patients."
)
_ABOUT_PATIENTS = (
    "Patients of the {split} split. The licence of the scans lets nobody pass these on."
)


@dataclass(frozen=True, eq=False)
class _Shown:
    """A picture and its caption."""

    picture: Image.Image
    caption: dict


def picture_patients(data: Path, split: str, output: Path, names: tuple[str, ...]) -> None:
    """Pictures of the patients of a split; they must not leave the machine the scans are on."""
    about = _ABOUT_PATIENTS.format(split=split)
    command = f"python -m training pictures --data DIR --split {split} --output DIR"
    facts = {"about": about, "synthetic": False, "command": command}
    _write(read_split(data, split), output, names, facts)


def picture_synthetic(
    output: Path, names: tuple[str, ...], *, cases: Iterable[Case] | None = None
) -> None:
    """Pictures of synthetic cases, which may be shown to anyone, and of the triple sigmoid.

    Args:
        output: Folder, made if need be.
        names: Models.
        cases: Other cases than :func:`training.cards.synthetic_cases.synthetic_cases`.
    """
    command = "python -m training pictures --synthetic --output DIR"
    facts = {"about": _ABOUT_SYNTHETIC, "synthetic": True, "command": command}
    _write(cases or synthetic_cases(), output, names, facts)


def _write(cases: Iterable[Case], output: Path, names: tuple[str, ...], facts: dict) -> None:
    loaded = {name: load_model(name) for name in names}
    networks = {name: ready_for_inference(model) for name, (model, _) in loaded.items()}
    checksums = {name: origin.sha256 for name, (_, origin) in loaded.items()}
    album = _Album(note=_SYNTHETIC if facts["synthetic"] else "")
    for case in cases:
        images, answers = _answer(case, networks)
        album.add(case, images, answers)
        if facts["synthetic"] and album.tripled is None:
            album.tripled = _triple(case, images, answers[names[0]], album.note)
    for each in album.all():
        _save(each.picture, output / each.caption["file"])
    captions = (
        facts
        | provenance(facts["command"], networks.values())
        | {"weights": checksums}
        | album.captions()
    )
    write_json(captions, output / CAPTIONS)


@dataclass
class _Album:
    """The pictures to keep: of each model, by its name, the best and the worst case so far."""

    note: str
    count: int = 0
    extremes: dict[str, dict[str, _Shown]] = field(default_factory=dict)
    tripled: _Shown | None = None

    def add(self, case: Case, images: Images, answers: dict[str, Segmentation]) -> None:
        """Draw what is the best or the worst so far; the scan itself is not kept."""
        self.count += 1
        for name, answer in answers.items():
            kept = self.extremes.setdefault(name, {})
            scores = region_dice(answer.labels, case.truth)
            for rank, beats in _BEATS.items():
                if rank not in kept or beats(_mean(scores), kept[rank].caption["mean_dice"]):
                    kept[rank] = _shown(case, images, answer, rank, scores, self.note)

    def all(self) -> list[_Shown]:
        """Every picture."""
        return self._cases() + ([self.tripled] if self.tripled else [])

    def captions(self) -> dict:
        """The captions of all, and how many cases there were."""
        tripled = {"triple_sigmoid": self.tripled.caption} if self.tripled else {}
        return {"cases": self.count, "pictures": [each.caption for each in self._cases()]} | tripled

    def _cases(self) -> list[_Shown]:
        return [each for kept in self.extremes.values() for each in kept.values()]


def _answer(case: Case, networks: dict[str, nn.Module]) -> tuple[Images, dict[str, Segmentation]]:
    prepared = prepare(case)
    answers = {
        name: segment(case, network, name=name, prepared=prepared)
        for name, network in networks.items()
    }
    return Images(case, prepared), answers


def _shown(
    case: Case,
    images: Images,
    answer: Segmentation,
    rank: str,
    scores: dict[str, float],
    note: str,
) -> _Shown:
    index = _slice_to_show(case, answer.labels, rank)
    caption = {
        "file": f"{answer.model}-{rank}.webp",
        "model": answer.model,
        "rank": rank,
        "case": case.name,
        "slice": index + 1,
        "dice": scores,
        "mean_dice": _mean(scores),
    }
    return _Shown(_draw(case, images, answer.labels, index, note), caption)


def _mean(scores: dict[str, float]) -> float:
    return float(np.mean(list(scores.values())))


def _slice_to_show(case: Case, labels: np.ndarray, rank: str) -> int:
    """The axial slice with most tumour for the best case, with most errors for the worst."""
    wrong = labels_to_regions(labels) ^ labels_to_regions(case.truth)
    maps = list(wrong) if rank == "worst" and wrong.any() else [case.truth, labels]
    return largest_slice(maps, _AXIAL, tuple(slice(0, length) for length in case.shape))


def _draw(case: Case, images: Images, labels: np.ndarray, index: int, note: str) -> Image.Image:
    panels = []
    for region in REGIONS:
        modality = _modality(case, region)
        title = f"{REGION_NAMES[region]}, {MODALITY_NAMES[modality]}"
        masks = (region_mask(labels, region), region_mask(case.truth, region))
        panels.append(_panel(title, case, images, modality, masks, index))
    return draw_panels(panels, note=note)


def _panel(
    title: str,
    case: Case,
    images: Images,
    modality: str,
    masks: tuple[np.ndarray, np.ndarray],
    index: int,
) -> Panel:
    """One axial slice with the drawn and the true (X, Y, Z) bool mask."""
    predicted, true = (images.labels(mask, _AXIAL, index) for mask in masks)
    greys = images.greys(modality, _AXIAL, index)
    return Panel(title, greys, predicted, true, _AXIAL.pixel_mm(case.spacing))


def _modality(case: Case, region: str) -> str:
    wanted = _LOOKED_AT[region]
    return wanted if wanted in case.present else case.present[0]


def _triple(case: Case, images: Images, answer: Segmentation, note: str) -> _Shown:
    """The whole tumour after one sigmoid and after three, on the slice with most tumour."""
    index = _slice_to_show(case, answer.labels, "best")
    true, once = (region_mask(labels, "wt") for labels in (case.truth, answer.labels))
    thrice = triple_sigmoid(answer, case)[0]
    panels = [
        _panel(title, case, images, _modality(case, "wt"), (predicted, true), index)
        for title, predicted in (("One sigmoid", once), ("Three sigmoids", thrice))
    ]
    caption = {
        "file": "triple_sigmoid.webp",
        "model": answer.model,
        "case": case.name,
        "slice": index + 1,
        "share_of_pixels": float(thrice.mean()),
        "dice": {"one": dice(once, true), "three": dice(thrice, true)},
    }
    return _Shown(draw_panels(panels, note=note), caption)


def _save(picture: Image.Image, file: Path) -> None:
    def save(unfinished: Path) -> None:
        picture.save(unfinished, format="WEBP", quality=_QUALITY)

    write_whole(file, save)
