"""The model card: what a weights folder says of itself, in the form the Hub reads.

Source: Mitchell et al. 2019, Model Cards for Model Reporting. Its words stand in
``card_template.md``; every number in it comes from the folder or from the results. Results and
pictures of other weights than those of the folder are left out: a card never tells of others.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inference.vocabulary import MODALITY_NAMES, REGION_NAMES, REGIONS
from model_zoo.pin import environment_variable
from model_zoo.registry import ModelContract, contract
from model_zoo.weights import read_config
from training.card_metadata import front_matter
from training.card_results import failures_text, of_these_weights, results_text
from training.log import read_log

_ASSETS: Final = Path(__file__).parents[1] / "assets"
RESULTS: Final = _ASSETS / "results" / "test.json"
PICTURES: Final = _ASSETS / "pictures" / "cases"
RANKS: Final = ("best", "worst")

_TEMPLATE = Path(__file__).with_name("card_template.md")
_NO_PICTURES = "No pictures have been drawn with these weights yet (`python -m training pictures`)."
# How an entry of the configuration is told; those that are 0 or missing were not used.
_BENDS: Final = {
    "rotate": "rotation by up to {:g}°",
    "scale": "scaling by up to {:.0%}",
    "warp": "bending by up to {:g} pixels",
    "flip": "left-right mirroring",
    "gamma": "gamma",
    "contrast": "contrast",
    "brightness": "brightness",
    "shading": "uneven shading",
    "noise": "noise",
    "blur": "blur",
    "low_resolution": "half the resolution now and then",
    "drop_modality": "each modality left out with probability {:g}",
    "slice_normalise": "{:.0%} of the slices normalised by themselves",
}


@dataclass(frozen=True)
class Sources:
    """Where a card takes what the weights folder does not hold.

    Args:
        results: What ``training evaluate`` wrote of the test split.
        pictures: Folder of ``training pictures --synthetic``.
    """

    results: Path = RESULTS
    pictures: Path = PICTURES


def write_card(folder: Path, name: str, *, sources: Sources | None = None) -> Path:
    """Write ``README.md``, and the pictures it shows, into a weights folder.

    Raises:
        WeightsError: if the folder does not hold the weights of ``name``.
    """
    sources = sources or Sources()
    text = card_text(folder, name, sources=sources)
    card = folder / "README.md"
    card.write_text(text, encoding="utf-8")
    shown = {told["rank"]: told for told in _pictures(sources, name, read_config(folder, name))}
    for rank in RANKS:
        copy = folder / _file(rank)
        copy.unlink(missing_ok=True)
        if rank in shown:
            shutil.copyfile(sources.pictures / shown[rank]["file"], copy)
    return card


def card_text(folder: Path, name: str, *, sources: Sources | None = None) -> str:
    """The whole card of a weights folder, as :func:`write_card` writes it."""
    sources = sources or Sources()
    config, model = read_config(folder, name), contract(name)
    results = _read(sources.results)
    scored = of_these_weights(results, name, config["sha256"])
    entries = _entries(model, config, read_log(folder / "log.jsonl")) | {
        "results": results_text(results, scored),
        "failures": failures_text(scored),
        "pictures": _pictures_text(_pictures(sources, name, config), _read_captions(sources)),
    }
    body = _TEMPLATE.read_text(encoding="utf-8").format(**entries)
    return f"---\n{front_matter(model, results, scored)}\n---\n\n{body}"


def _entries(model: ModelContract, config: dict, log: list[dict]) -> dict:
    training = config["training"]
    offsets = tuple(training.get("neighbours") or model.neighbours)
    imagenet = training["encoder_weights"] == "imagenet"
    return {
        "name": model.name,
        "title": model.title,
        "variable": environment_variable(model.name),
        "train_patients": config["patients"]["train"],
        "val_patients": config["patients"]["val"],
        "summary": model.summary,
        "channels": len(model.modalities) * len(offsets),
        "slices_read": _slices_read(offsets),
        "modalities": ", ".join(MODALITY_NAMES[name] for name in model.modalities),
        "n_regions": len(model.regions),
        "regions": ", ".join(REGION_NAMES[name].lower() for name in model.regions),
        "inference": _inference(config.get("inference") or {}),
        "height": training["crop"][0],
        "width": training["crop"][1],
        "start": "encoder started from ImageNet" if imagenet else "started from random weights",
        "augmentation": _augmentation(training),
        "scores": _last_validation(log),
        "revision": config["revision"],
        "sha256": config["sha256"],
        **{key: training[key] for key in ("steps", "batch", "learning_rate")},
    }


def _slices_read(offsets: tuple[int, ...]) -> str:
    if len(offsets) == 1:
        return "one axial slice at a time"
    named = ", ".join(f"{offset:+d}" if offset else "0" for offset in offsets)
    return f"an axial slice and its neighbours (offsets {named}; beyond the ends the last slice)"


def _inference(entries: dict) -> str:
    """What the configuration says of how answers are made, entry by entry."""
    return "".join(
        f"\n- At inference, {key.replace('_', ' ')}: {json.dumps(value)}."
        for key, value in entries.items()
        if value
    )


def _augmentation(training: dict) -> str:
    used = [
        told.format(value)
        for key, told in _BENDS.items()
        if (value := training["augment"].get(key))
    ]
    told = "; ".join(used) or "no augmentation"
    often = training.get("low_grade_weight", 1.0)
    low_grade = "" if often == 1 else f" Low-grade patients are drawn {often:g} times as often."
    return f"{told[0].upper()}{told[1:]}.{low_grade}"


def _last_validation(log: list[dict]) -> str:
    validations = [r["validation_dice"] for r in log if "validation_dice" in r]
    if not validations:
        return "not measured"
    return ", ".join(f"{region.upper()} {validations[-1][region]:.3f}" for region in REGIONS)


def _pictures(sources: Sources, name: str, config: dict) -> list[dict]:
    """What the captions say of a model's pictures, if they are of these very weights."""
    captions = _read_captions(sources)
    if captions is None or captions["weights"].get(name) != config["sha256"]:
        return []
    shown = [told for told in captions["pictures"] if told["model"] == name]
    return sorted(shown, key=lambda told: RANKS.index(told["rank"]))


def _pictures_text(shown: list[dict], captions: dict | None) -> str:
    if not shown or captions is None:
        return _NO_PICTURES
    lines = [
        f"The pictures show {captions['cases']} synthetic cases, not patients, since no scan may "
        f"be passed on; of these the best and the worst. Orange is missed, blue is extra, green "
        f"is right."
    ]
    for told in shown:
        dice = ", ".join(f"{region.upper()} {told['dice'][region]:.3f}" for region in REGIONS)
        caption = f"The {told['rank']}: {told['case']}, axial slice {told['slice']}. Dice {dice}."
        lines.append(f"![{caption}]({_file(told['rank'])})\n\n{caption}")
    return "\n\n".join(lines)


def _file(rank: str) -> str:
    return f"{rank}.webp"


def _read_captions(sources: Sources) -> dict | None:
    return _read(sources.pictures / "captions.json")


def _read(file: Path) -> dict | None:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
