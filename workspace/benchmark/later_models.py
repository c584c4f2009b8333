"""The models that came after the three that are compared: what each is, and what was claimed.

Each answers an earlier project; its claims stand in ``assets/results/claims.json``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from common.vocabulary import REGIONS
from model_zoo.registry import ALL_MODELS, registry
from workspace.benchmark.measures import GRADES, MEASURES, Measure
from workspace.benchmark.scores import Row, interval, means, share
from workspace.models.evaluation_results import Results, read_results
from workspace.models.model_facts import ModelFacts, model_facts

# As training/data/data_sets.py calls them, which the app does not import.
DATA_SETS: Final = {
    "brats": "BraTS 2018 and 2021",
    "lgg": "TCGA-LGG with masks of the FLAIR abnormality",
}
DICE: Final = MEASURES["dice"]
# The ways of scoring, by the key of a claim: title, and where the evaluation's pixels hold it.
PATIENT: Final = "patient_dice"
WAYS: Final = {
    PATIENT: ("Dice, per patient in 3D (ours)", ""),
    "pooled_dice": ("Dice, all pixels of the tumour slices together", "dice"),
    "slice_dice": ("Dice, each tumour slice by itself", "slice_dice"),
    "slice_iou": ("IoU, each tumour slice by itself", "slice_iou"),
}


@dataclass(frozen=True)
class LaterModel:
    """One of them, with what there is of it.

    Args:
        name: Of the registry.
        facts: Of its weights, if there are any.
        results: ``training evaluate`` on the test patients; None if they were not scored.
        earlier: What the earlier project claimed, or how it scored, in words.
        claims: By whom, and the scores by the keys of ``WAYS``.
        in_sight: What was decided with its test patients in sight, in words, if anything was.
        exported: ``training export --measure``; None if it was not measured.
    """

    name: str
    facts: ModelFacts
    results: Results | None
    earlier: str
    claims: dict[str, dict[str, float]]
    in_sight: str = ""
    exported: Results | None = None

    @property
    def scored(self) -> dict:
        """Its entry in the results.

        Raises:
            ValueError: if there are none.
        """
        if self.results is None:
            raise ValueError(f"{self.name} has no results")
        return self.results["models"][self.name]

    @property
    def regions(self) -> list[str]:
        """The regions it was scored on."""
        return [region for region in REGIONS if region in self.scored["summary"]["all"]["dice"]]

    @property
    def measures(self) -> list[str]:
        """The measures it was scored by: pictures, which have no voxel size, have Dice alone."""
        return [key for key in MEASURES if key in self.scored["summary"]["all"]]

    @property
    def outdated(self) -> bool:
        """Whether the scores are of other weights than those that are here."""
        config = self.facts.config
        return config is not None and config["sha256"] != self.scored["weights"]


def later_models(claims: Results | None) -> list[LaterModel]:
    """All of the registry but the three, those with results first.

    Args:
        claims: What ``assets/results/claims.json`` holds.
    """
    entries = (claims or {}).get("models", {})
    found = [_later(name, entries.get(name, {})) for name in registry() if name not in ALL_MODELS]
    return sorted(found, key=lambda model: model.results is None)


def _later(name: str, entry: Mapping) -> LaterModel:
    claims = {claim["by"]: claim["scores"] for claim in entry.get("claims", ())}
    results = read_results(f"{name}_test")
    exported = read_results(f"{name}_onnx")
    words = (entry.get("earlier", ""), claims, entry.get("in_sight", ""))
    return LaterModel(name, model_facts(name), results, *words, exported)


def what_it_is(model: LaterModel) -> str:
    """The model in some sentences: what it reads, what it learned from, what was claimed."""
    return " ".join(filter(None, [model.facts.contract.summary, _learned(model), model.earlier]))


def _learned(model: LaterModel) -> str:
    config = model.facts.config
    if config is None:
        return ""
    about = config["training"].get("about", "")
    data = DATA_SETS[config.get("data", "brats")]
    return f"{about} It learned from {config['patients']['train']} patients of {data}.".strip()


def file_sentence(model: LaterModel) -> str:
    """How large its files are and how long it takes, where other runtimes have it; else nothing."""
    exported, weights = (model.facts.folder / file for file in ("model.onnx", "model.safetensors"))
    if not exported.is_file() or not weights.is_file():
        return ""
    sizes = [file.stat().st_size / 1000 for file in (exported, weights)]
    size = "Ours takes {:.0f} KB as ONNX, {:.0f} KB as safetensors.".format(*sizes)
    return f"{size} {_time_sentence(model)}".strip()


def _time_sentence(model: LaterModel) -> str:
    """How long a slice takes; nothing if that was not measured with these weights."""
    measured, config = model.exported, model.facts.config
    if measured is None or config is None or measured["weights"] != config["sha256"]:
        return ""
    lone = measured["slice"]
    fast, plain = (lone["seconds"][runtime] for runtime in ("onnx_runtime", "pytorch"))
    side = lone["side"]
    return (
        f"A slice of {side}×{side} took {_ms(fast['median'])} in ONNX Runtime (median of "
        f"{lone['repeats']}; {_ms(fast['fastest'])} at best) and {_ms(plain['median'])} in "
        f"PyTorch, on one core of a machine with {measured['machine']}."
    )


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms"


def group_rows(model: LaterModel, measure: Measure) -> list[Row]:
    """One row a group of patients: mean and interval of each region, and the false slices."""
    return [
        {"Test patients": f"{summary['patients']} {GRADES.get(group, group).lower()}"}
        | means(summary, measure)
        for group, summary in model.scored["summary"].items()
    ]


def claim_rows(model: LaterModel) -> list[Row]:
    """Ours in every way of scoring, and beside it what others claimed."""
    alone = len(model.regions) == 1
    columns = {region: "Ours" if alone else region.upper() for region in model.regions}
    return [
        {"How it is scored": title}
        | {column: _ours(model, way, region) for region, column in columns.items()}
        | {who: DICE.written(scores.get(way)) for who, scores in model.claims.items()}
        for way, (title, _) in WAYS.items()
    ]


def unseen_sentence(model: LaterModel) -> str:
    """What scores of tumour slices alone leave out."""
    pixels, rate = model.scored["pixels"], model.scored["summary"]["all"]["false_positive_rate"]
    counted = f"{pixels['tumour_slices']} of the {pixels['slices']} slices hold tumour."
    if rate["mean"] is None:
        return counted
    return (
        f"{counted} On average over patients it draws some in {share(rate['mean'])} of the others, "
        "which scores of tumour slices never see."
    )


def _ours(model: LaterModel, way: str, region: str) -> str:
    if way == PATIENT:
        return interval(model.scored["summary"]["all"]["dice"][region], DICE)
    return DICE.written(model.scored["pixels"]["over_tumour_slices"][region][WAYS[way][1]])
