"""The model card: a weights folder described in the form the Hub reads.

Source: Mitchell et al. 2019, Model Cards for Model Reporting. Its words stand in
``template.md``; every number in it comes from the folder or from the results. Results and
pictures of other weights than those of the folder are left out: a card never describes others.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.vocabulary import MODALITY_NAMES, REGION_NAMES
from model_zoo.registry import ALL_MODELS, ModelContract, contract
from model_zoo.weights.folder import GRAPH, INT8, INTEGERS, earlier_stages, planes_learned
from model_zoo.weights.hub_pin import environment_variable
from model_zoo.weights.loading import read_config
from training.cards.card_pictures import RANKS, file_name, pictures_of, pictures_text
from training.cards.learners_text import beside_text, copies_text, with_lgg_licence
from training.cards.metadata import front_matter
from training.cards.recipe_text import augmentation_text, recipe_text, start_text, steps_text
from training.cards.results_text import failures_text, of_these_weights, results_text
from training.cards.slices_text import slices_text
from training.cards.validation_text import validation_text, when_validated
from training.cards.words import join_words
from training.data.data_sets import BRATS, DATA_SETS, DataSet
from training.log import read_log

_ASSETS: Final = Path(__file__).parents[2] / "assets"
RESULTS: Final = _ASSETS / "results" / "test.json"
VALIDATION: Final = _ASSETS / "results" / "val.json"
PICTURES: Final = _ASSETS / "pictures" / "cases"

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
_INT8: Final = (
    f"\n\nThe same weights stand beside it in int8 (`{GRAPH}`, `{INTEGERS}`), quantised on "
    "{calibrated_on} and run by OpenVINO. That form is used where it can be; `--precision float` "
    "selects the other."
)


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
    pictures = pictures_of(_captions(sources), name, read_config(folder, name)["sha256"])
    shown = {picture["rank"]: picture for picture in pictures}
    for rank in RANKS:
        copy = folder / file_name(rank)
        copy.unlink(missing_ok=True)
        if rank in shown:
            shutil.copyfile(sources.pictures / shown[rank]["file"], copy)
    return card


def card_text(folder: Path, name: str, *, sources: Sources | None = None) -> str:
    """The whole card of a weights folder, as :func:`write_card` writes it."""
    sources = sources or Sources.of(name)
    config, model = read_config(folder, name), contract(name)
    results, captions = _read(sources.results), _captions(sources)
    scored = of_these_weights(results, name, config)
    data = with_lgg_licence(DATA_SETS[config.get("data", BRATS.key)], config["patients"])
    validated = of_these_weights(_read(sources.validation), name, config)
    entries = _entries(model, config, read_log(folder / "log.jsonl"), data, validated) | {
        "results": results_text(results, scored),
        "failures": failures_text(scored),
        "pictures": pictures_text(pictures_of(captions, name, config["sha256"]), captions),
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
        "slices_read": slices_text(offsets, planes_learned(config)),
        "modalities": ", ".join(MODALITY_NAMES[name] for name in model.modalities),
        "n_regions": len(model.regions),
        "regions": ", ".join(REGION_NAMES[name].lower() for name in model.regions),
        "int8": _INT8.format(**config[INT8]) if INT8 in config else "",
        "inference": _inference(config.get("inference") or {}),
        "height": training["crop"][0],
        "width": training["crop"][1],
        "start": start_text(training, [stage["training"] for stage in earlier]),
        "steps": steps_text(training, log),
        "augmentation": augmentation_text(training) + copies_text(training),
        "scores": validation_text(validated, log, early=training.get("patience") is not None),
        "kept": when_validated(validated, early=training.get("patience") is not None),
        "how": recipe_text(training),
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


def _inference(entries: dict) -> str:
    """How predictions are made, by the configuration, entry by entry."""
    return "".join(
        f"\n- At inference, {key.replace('_', ' ')}: {json.dumps(value)}."
        for key, value in entries.items()
        if value
    )


def _captions(sources: Sources) -> dict | None:
    return _read(sources.pictures / "captions.json")


def _read(file: Path) -> dict | None:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
