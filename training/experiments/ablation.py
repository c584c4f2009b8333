"""What each part of the recipe is worth: the same short training with one thing changed.

Scored on training patients that are held out and on the validation split, never on the test split.
"""

from pathlib import Path

import numpy as np
from safetensors.torch import load_file

from common.labels import regions_to_labels
from common.vocabulary import REGIONS
from inference.case import Case
from inference.metrics import region_dice
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import uncrop
from inference.network.segmentation import Segmentation
from model_zoo.segmenter import Segmenter
from training.config import TrainingConfig, read_config
from training.data.learners import validation_cases
from training.data.patients import read_grades
from training.results import CONVENTION, markdown_table, provenance
from training.run.start import untrained
from training.run.train import train

_BASE = "common.toml"
_DRAWINGS = ("drawn", "at one half")


def ablate(folder: Path, data: Path) -> dict:
    """Train every configuration of a folder that is not yet trained, and score all of them.

    Returns:
        ``{"about", "convention", "arithmetic", "machine", "command", "rows": [{"name",
        "sentence", "drawing", "group", "patients", "dice": {REGION: mean}}]}``. A row is drawn as
        the app draws (``"drawn"``) or every region at a probability of one half, specks and all
        (``"at one half"``).
    """
    files = sorted(file for file in folder.glob("*.toml") if file.name != _BASE)
    rows = [row for file in files for row in _rows(file.stem, read_config(file), data)]
    return {
        "about": "One short training each; mean Dice over patients held out from training and "
        "those of validation, none of the test split.",
        "convention": CONVENTION,
        **provenance(f"python -m training ablate {folder} --data DIR"),
        "rows": rows,
    }


def _rows(name: str, config: TrainingConfig, data: Path) -> list[dict]:
    scores = _scores(_trained(config, data), config, data)
    rows = []
    for drawing in _DRAWINGS:
        for group, members in _groups(scores, read_grades(data)).items():
            dice = np.mean([[scores[m][drawing][r] for r in REGIONS] for m in members], axis=0)
            rows.append(
                {
                    "name": name,
                    "sentence": config.about,
                    "drawing": drawing,
                    "group": group,
                    "patients": len(members),
                    "dice": dict(zip(REGIONS, dice.tolist(), strict=True)),
                }
            )
    return rows


def _trained(config: TrainingConfig, data: Path) -> Segmenter:
    """The network of a configuration, trained now or by a run that was finished before."""
    weights = config.weights_folder / "model.safetensors"
    if not weights.exists():
        train(config, data, resume=True)
    model = untrained(config)
    model.load_state_dict(load_file(weights))
    return ready_for_inference(model)


def _scores(model: Segmenter, config: TrainingConfig, data: Path) -> dict[str, dict]:
    """Dice by case, drawing and region."""
    scores = {}
    for case in validation_cases(config, data):
        found = segment(case, model, name=config.model)
        by_rule = region_dice(found.labels, case.truth)
        plain = region_dice(_at_one_half(found, case), case.truth)
        scores[case.name] = dict(zip(_DRAWINGS, (by_rule, plain), strict=True))
    return scores


def _at_one_half(found: Segmentation, case: Case) -> np.ndarray:
    return uncrop(regions_to_labels(found.probabilities > 0.5), found.box, case.shape)


def _groups(scores: dict[str, dict], grades: dict[str, str]) -> dict[str, list[str]]:
    known = sorted({grades[name] for name in scores if name in grades})
    return {"all": list(scores)} | {
        grade: [name for name in scores if grades.get(name) == grade] for grade in known
    }


def format_ablation(results: dict) -> str:
    """A Markdown table, a row a configuration, drawing and group."""
    header = ["Recipe", "Drawing", "Patients", *(f"{region.upper()} Dice" for region in REGIONS)]
    rows = [
        [
            row["sentence"],
            row["drawing"],
            f"{row['patients']} {row['group']}",
            *(f"{row['dice'][region]:.3f}" for region in REGIONS),
        ]
        for row in results["rows"]
    ]
    return markdown_table(header, rows)
