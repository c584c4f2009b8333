"""The front matter of a model card, in the form the Hub reads."""

from huggingface_hub import EvalResult, ModelCardData

from inference.vocabulary import REGION_NAMES, REGIONS
from model_zoo.registry import ModelContract

_GROUPS = {"HGG": "high grade", "LGG": "low grade", "all": "all patients"}
_METRICS = {
    "dice": ("dice", "Dice", 4),
    "lesion_dice": ("lesion-wise-dice", "Lesion-wise Dice", 4),
    "hd95_mm": ("hd95", "HD95 in mm", 2),
}


def front_matter(contract: ModelContract, results: dict | None, model: dict | None) -> str:
    """The YAML between the dashes; with a model index if these weights have been scored."""
    scored = {} if results is None or model is None else _index(contract, results, model)
    data = ModelCardData(
        license="other",
        license_name="brats-research-only",
        library_name="pytorch",
        pipeline_tag="image-segmentation",
        tags=["medical", "mri", "brain-tumor", "segmentation", "brats", "glioma"],
        datasets=["brats2018", "brats2021"],
        metrics=[kind for kind, _, _ in _METRICS.values()],
        **scored,
    )
    return data.to_yaml(line_break="\n")


def _index(contract: ModelContract, results: dict, model: dict) -> dict:
    found = [
        _result(results["split"], group, summary, (measure, region))
        for group, summary in model["summary"].items()
        for measure in _METRICS
        for region in REGIONS
    ]
    return {"model_name": f"GlioLens {contract.title}", "eval_results": found}


def _result(split: str, group: str, summary: dict, which: tuple[str, str]) -> EvalResult:
    measure, region = which
    kind, title, decimals = _METRICS[measure]
    return EvalResult(
        task_type="image-segmentation",
        task_name="Brain tumour segmentation",
        dataset_type="brats",
        dataset_name=f"BraTS 2018 and 2021, {summary['patients']} patients, "
        f"{_GROUPS.get(group, group)}",
        dataset_config=group,
        dataset_split=split,
        metric_type=kind,
        metric_name=f"{title}, {REGION_NAMES[region].lower()}",
        metric_value=round(summary[measure][region]["mean"], decimals),
    )
