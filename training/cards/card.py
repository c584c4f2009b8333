"""The model card: a weights folder described in the form the Hub reads.

Source: Mitchell et al. 2019, Model Cards for Model Reporting. Its words stand in
``template.md``; every number in it comes from the folder or from the results. Results and
pictures of other weights than those of the folder are left out: a card never describes others.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.planes import AXIAL
from common.vocabulary import MODALITY_NAMES, REGION_NAMES, REGIONS
from model_zoo.registry import ALL_MODELS, ModelContract, contract
from model_zoo.weights.folder import GRAPH, INT8, INTEGERS, earlier_stages, planes_learned
from model_zoo.weights.hub_pin import environment_variable
from model_zoo.weights.loading import read_config
from training.cards.learners_text import beside_text, copies_text, with_lgg_licence
from training.cards.metadata import front_matter
from training.cards.results_text import failures_text, of_these_weights, results_text
from training.data.data_sets import BRATS, DATA_SETS, DataSet
from training.log import read_log

_ASSETS: Final = Path(__file__).parents[2] / "assets"
RESULTS: Final = _ASSETS / "results" / "test.json"
VALIDATION: Final = _ASSETS / "results" / "val.json"
PICTURES: Final = _ASSETS / "pictures" / "cases"
RANKS: Final = ("best", "worst")

_TEMPLATE = Path(__file__).with_name("template.md")
_LABELS = (
    "Labels: 0 background, 1 necrotic core, 2 oedema, 3 enhancing tumour (BraTS 2023). Whole "
    "tumour is 1, 2 and 3; tumour core is 1 and 3; enhancing tumour is 3."
)
_LOWER_THRESHOLD = (
    " in a scan whose tumour hardly enhances a lower threshold holds for the whole tumour, its "
    "likeliest part is core, and a trace of enhancement is left out;"
)
_ONE_LABEL = (
    "Labels: 0 background, 2 whole tumour, whose parts are not distinguished (in BraTS 2023 a 2 is "
    "oedema)."
)
_SCHEDULES: Final = {
    "one_cycle": "one cycle",
    "cosine": "falling as a cosine",
    "constant": "constant",
}
_INT8: Final = (
    f"\n\nThe same weights stand beside it in int8 (`{GRAPH}`, `{INTEGERS}`), quantised on "
    "{calibrated_on} and run by OpenVINO. That form is used where it can be; `--precision float` "
    "selects the other."
)
_NO_PICTURES = "No pictures have been drawn with these weights yet (`python -m training pictures`)."
# How an entry of the configuration is worded; those that are 0 or missing were not used.
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
    "no_enhancement": "{:.0%} of the slices with the tumour's contrast taken out",
    "drop_modality": "each modality left out with probability {:g}",
    "slice_normalise": "{:.0%} of the slices normalised by themselves",
}


@dataclass(frozen=True)
class Sources:
    """Where a card takes what the weights folder does not hold.

    Args:
        results: What ``training evaluate`` wrote of the test split.
        validation: What it wrote of the validation split.
        pictures: Folder of ``training pictures --synthetic``.
    """

    results: Path = RESULTS
    validation: Path = VALIDATION
    pictures: Path = PICTURES

    @classmethod
    def of(cls, name: str) -> "Sources":
        """Those in the repository: the models that compare share a file, others have their own."""
        if name in ALL_MODELS:
            return cls()
        return cls(*(RESULTS.with_name(f"{name}_{split}.json") for split in ("test", "val")))


def write_card(folder: Path, name: str, *, sources: Sources | None = None) -> Path:
    """Write ``README.md``, and the pictures it shows, into a weights folder.

    Raises:
        WeightsError: if the folder does not hold the weights of ``name``.
    """
    sources = sources or Sources.of(name)
    text = card_text(folder, name, sources=sources)
    card = folder / "README.md"
    card.write_text(text, encoding="utf-8")
    pictures = _pictures(sources, name, read_config(folder, name))
    shown = {picture["rank"]: picture for picture in pictures}
    for rank in RANKS:
        copy = folder / _file(rank)
        copy.unlink(missing_ok=True)
        if rank in shown:
            shutil.copyfile(sources.pictures / shown[rank]["file"], copy)
    return card


def card_text(folder: Path, name: str, *, sources: Sources | None = None) -> str:
    """The whole card of a weights folder, as :func:`write_card` writes it."""
    sources = sources or Sources.of(name)
    config, model = read_config(folder, name), contract(name)
    results = _read(sources.results)
    scored = of_these_weights(results, name, config)
    data = with_lgg_licence(DATA_SETS[config.get("data", BRATS.key)], config["patients"])
    validated = of_these_weights(_read(sources.validation), name, config)
    entries = _entries(model, config, read_log(folder / "log.jsonl"), data, validated) | {
        "results": results_text(results, scored),
        "failures": failures_text(scored),
        "pictures": _pictures_text(_pictures(sources, name, config), _read_captions(sources)),
    }
    body = _TEMPLATE.read_text(encoding="utf-8").format(**entries)
    return f"---\n{front_matter(model, data, results, scored)}\n---\n\n{body}"


def _entries(
    model: ModelContract, config: dict, log: list[dict], data: DataSet, validated: dict | None
) -> dict:
    training, earlier = config["training"], earlier_stages(config)
    offsets = tuple(training.get("neighbours") or model.neighbours)
    return {
        "name": model.name,
        "title": model.title,
        "variable": environment_variable(model.name),
        "train_patients": config["patients"]["train"],
        "val_patients": config["patients"]["val"],
        "beside": beside_text(config["patients"]),
        "summary": model.summary,
        "channels": len(model.modalities) * len(offsets),
        "slices_read": _slices_read(offsets, planes_learned(config)),
        "modalities": ", ".join(MODALITY_NAMES[name] for name in model.modalities),
        "n_regions": len(model.regions),
        "regions": ", ".join(REGION_NAMES[name].lower() for name in model.regions),
        "int8": _INT8.format(**config[INT8]) if INT8 in config else "",
        "inference": _inference(config.get("inference") or {}),
        "height": training["crop"][0],
        "width": training["crop"][1],
        "start": _start(training, [stage["training"] for stage in earlier]),
        "steps": _steps(training, log),
        "augmentation": _augmentation(training) + copies_text(training),
        "scores": _validation(validated, log, early=training.get("patience") is not None),
        "kept": _when_validated(validated, early=training.get("patience") is not None),
        "how": _how(training),
        "drawn": join_words([REGION_NAMES[name].lower() for name in model.regions]),
        "sizes": "any size" if model.size == "any" else "{}×{} pixels".format(*model.size),
        "data": data.title,
        "table": data.table,
        "who": data.patients,
        "images": data.images,
        "not_for": data.not_for,
        "licence": data.licence,
        "lower_threshold": _LOWER_THRESHOLD if "et" in model.regions else "",
        "labels": _LABELS if len(model.regions) > 1 else _ONE_LABEL,
        "revision": config["revision"],
        "sha256": config["sha256"],
        "batch": training["batch"],
    }


def _slices_read(offsets: tuple[int, ...], planes: Sequence[str]) -> str:
    if len(planes) > 1:
        others = join_words([plane for plane in planes if plane != AXIAL])
        return (
            f"one slice at a time, axial, or {others} with the crown at the top (a voxel's "
            f"probability is the mean over the planes; the {others} slices are read only around "
            "what the axial ones take for tumour, and only where voxels are about 1 mm)"
        )
    if len(offsets) == 1:
        return "one axial slice at a time"
    named = ", ".join(f"{offset:+d}" if offset else "0" for offset in offsets)
    return (
        f"an axial slice and its neighbours at {named} mm (the nearest slices there are; beyond "
        "the ends the last one)"
    )


def _start(training: dict, earlier: list[dict]) -> str:
    if earlier:
        stages = [
            "{} steps of {} slices cut to {}×{}".format(each["steps"], each["batch"], *each["crop"])
            for each in earlier
        ]
        if len(stages) == 1:
            return f"started from the weights of a first stage of {stages[0]}"
        return f"started from the weights of {len(stages)} stages before: {join_words(stages)}"
    if training["encoder_weights"] == "imagenet":
        return "encoder started from ImageNet"
    return "started from random weights"


def _steps(training: dict, log: list[dict]) -> str:
    """How many there were: fewer than asked for where validation no longer rose."""
    most = training["steps"]
    made = max((record["step"] for record in log), default=most)
    if training.get("patience") is None or made >= most:
        return f"{most} steps"
    return f"{made} of at most {most} steps"


def _how(training: dict) -> str:
    """Loss, optimiser and schedule in words."""
    loss = training.get("loss", {"positive_weight": 1.0, "dice": 1.0})
    weight = loss["positive_weight"]
    parts = ["binary cross-entropy"]
    if weight != 1:
        parts.append(f", tumour weighted {weight:g} times,")
    if loss["dice"]:
        parts.append(" plus soft Dice")
    schedule = _SCHEDULES[training.get("schedule", "one_cycle")]
    optimiser = "AdamW" if training.get("weight_decay", 1) else "Adam"
    rate = f"peak learning rate {training['learning_rate']:g}, {schedule}"
    recipe = f"{''.join(parts)}; {optimiser}, {rate}"
    if training.get("encoder_rate", 1) != 1:
        recipe += f", the encoder at {training['encoder_rate']:g} of it"
    if training.get("teachers"):
        share, names = training["teacher_share"], join_words(training["teachers"])
        recipe += f"; {share:.0%} of what is learned is the answer of {names}, the rest the truth"
    return recipe


def join_words(words: Sequence[str]) -> str:
    """``a, b and c``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _inference(entries: dict) -> str:
    """How predictions are made, by the configuration, entry by entry."""
    return "".join(
        f"\n- At inference, {key.replace('_', ' ')}: {json.dumps(value)}."
        for key, value in entries.items()
        if value
    )


def _augmentation(training: dict) -> str:
    used = [
        phrase.format(value)
        for key, phrase in _BENDS.items()
        if (value := training["augment"].get(key))
    ]
    used_words = "; ".join(used) or "no augmentation"
    often = training.get("low_grade_weight", 1.0)
    low_grade = "" if often == 1 else f" Low-grade patients are drawn {often:g} times as often."
    return f"{used_words[0].upper()}{used_words[1:]}.{low_grade}"


def _when_validated(validated: dict | None, *, early: bool) -> str:
    if validated:
        return "measured as the test patients are"
    return "at its best" if early else "at the end of training"


def _validation(validated: dict | None, log: list[dict], *, early: bool) -> str:
    """Of these weights as they are drawn now, if that was scored; else as the training saw it."""
    if validated:
        scored = validated["summary"]["all"]["dice"]
        return _listed({region: dice["mean"] for region, dice in scored.items()})
    validations = [r["validation_dice"] for r in log if "validation_dice" in r]
    if not validations:
        return "not measured"
    # Where training stops early, the best weights are kept, not the last.
    kept = max(validations, key=_mean_dice) if early else validations[-1]
    return _listed(kept)


def _listed(scores: dict[str, float]) -> str:
    return ", ".join(f"{region.upper()} {dice:.3f}" for region, dice in scores.items())


def _mean_dice(scores: dict[str, float]) -> float:
    return sum(scores.values()) / len(scores)


def _pictures(sources: Sources, name: str, config: dict) -> list[dict]:
    """The captions of a model's pictures, if they are of these very weights."""
    captions = _read_captions(sources)
    if captions is None or captions["weights"].get(name) != config["sha256"]:
        return []
    shown = [picture for picture in captions["pictures"] if picture["model"] == name]
    return sorted(shown, key=lambda picture: RANKS.index(picture["rank"]))


def _pictures_text(shown: list[dict], captions: dict | None) -> str:
    if not shown or captions is None:
        return _NO_PICTURES
    lines = [
        f"The pictures show {captions['cases']} synthetic cases, not patients, since no scan may "
        f"be passed on; of these the best and the worst. Orange is missed, blue is extra, green "
        f"is right."
    ]
    for picture in shown:
        dice = ", ".join(f"{region.upper()} {picture['dice'][region]:.3f}" for region in REGIONS)
        place = f"{picture['case']}, axial slice {picture['slice']}"
        caption = f"The {picture['rank']}: {place}. Dice {dice}."
        lines.append(f"![{caption}]({_file(picture['rank'])})\n\n{caption}")
    return "\n\n".join(lines)


def _file(rank: str) -> str:
    return f"{rank}.webp"


def _read_captions(sources: Sources) -> dict | None:
    return _read(sources.pictures / "captions.json")


def _read(file: Path) -> dict | None:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
