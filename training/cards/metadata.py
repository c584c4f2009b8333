"""The front matter of a model card, in the form the Hub reads."""

from huggingface_hub import EvalResult, ModelCardData

from common.vocabulary import REGION_NAMES
from model_zoo.registry import ModelContract
from training.data.data_sets import DataSet

_GROUPS = {"HGG": "high grade", "LGG": "low grade", "all": "all patients"}
_METRICS = {
    "dice": ("dice", "Dice", 4),
    "lesion_dice": ("lesion-wise-dice", "Lesion-wise Dice", 4),
    "hd95_mm": ("hd95", "HD95 in mm", 2),
}


def front_matter(
    contract: ModelContract, data: DataSet, results: dict | None, model: dict | None
) -> str:
    """The YAML between the dashes; with a model index if these weights have been scored."""
    scored = {} if results is None or model is None else _index(contract, data, results, model)
    data = ModelCardData(
        license="other",
        license_name=data.licence_name,
        library_name="pytorch",
        pipeline_tag="image-segmentation",
        tags=["medical", "mri", "brain-tumor", "segmentation", *data.tags],
        datasets=list(data.datasets),
        metrics=[kind for kind, _, _ in _METRICS.values()],
        **scored,
    )
    return data.to_yaml(line_break="\n")


def _index(contract: ModelContract, data: DataSet, results: dict, model: dict) -> dict:
    found = [
        _result(data, results["split"], (group, summary), (measure, region))
        for group, summary in model["summary"].items()
        for measure in _METRICS
        for region in summary.get(measure, ())
    ]
    return {"model_name": f"GlioLens {contract.title}", "eval_results": found}


def _result(data: DataSet, split: str, of: tuple[str, dict], which: tuple[str, str]) -> EvalResult:
    (group, summary), (measure, region) = of, which
    kind, title, decimals = _METRICS[measure]
    return EvalResult(
        task_type="image-segmentation",
        task_name="Brain tumour segmentation",
        dataset_type=data.key,
        dataset_name=f"{data.title}, {_patients(summary['patients'])}, {_GROUPS.get(group, group)}",
        dataset_config=group,
        dataset_split=split,
        metric_type=kind,
        metric_name=f"{title}, {REGION_NAMES[region].lower()}",
        metric_value=round(summary[measure][region]["mean"], decimals),
    )


def _patients(count: int) -> str:
    return f"{count} patient{'' if count == 1 else 's'}"
