"""The part of a model card that comes from the evaluation: results and failures, in words."""

from typing import Final

from common.vocabulary import REGION_NAMES
from model_zoo.weights.folder import INT8
from training.results import markdown_table

_GROUPS: Final = {"all": "all", "HGG": "high grade", "LGG": "low grade"}
_MEASURES: Final = {
    "dice": ("Dice", 3),
    "hd95_mm": ("HD95, mm", 1),
    "lesion_dice": ("Lesion-wise Dice", 3),
    "volume_error_ml": ("Volume error without sign, ml", 1),
}
NOT_EVALUATED: Final = (
    "These weights have not been scored on the test patients yet "
    "(`python -m training evaluate --split test`)."
)


def of_these_weights(results: dict | None, name: str, config: dict) -> dict | None:
    """What the evaluation says of a model, if it was of these very weights.

    Args:
        results: What ``training evaluate`` has written.
        name: The model.
        config: The configuration of the weights; where their int8 form was scored, it is this one.
    """
    model = (results or {}).get("models", {}).get(name)
    if not model or model["weights"] != config["sha256"]:
        return None
    ran = model.get("int8_sha256")
    return model if not ran or ran == config.get(INT8, {}).get("sha256") else None


def results_text(results: dict | None, model: dict | None) -> str:
    """The table of the test patients and how it was made.

    Args:
        results: What ``training evaluate`` has written.
        model: Its entry of this model; None if it is of other weights.
    """
    if results is None or model is None:
        return NOT_EVALUATED
    rows = [
        [title, f"{group['patients']} {_GROUPS.get(key, key)}", *_cells(group[measure], decimals)]
        for measure, (title, decimals) in _MEASURES.items()
        for key, group in model["summary"].items()
        if measure in group
    ]
    scored = model["summary"]["all"]["dice"]
    header = ["Measure", "Patients", *(REGION_NAMES[region] for region in scored)]
    rate = model["summary"]["all"]["false_positive_rate"]["mean"]
    false = "" if rate is None else f" Tumour was drawn in {rate:.1%} of the slices without any."
    return "\n".join(
        [
            f"Patients of the {results['split']} split: mean and 95 % bootstrap interval over "
            f"patients. {results['convention']}",
            "",
            markdown_table(header, rows),
            "",
            f"Measured in {results['arithmetic']} on {results['machine']} by "
            f"`{results['command']}`.{false}",
            *_as_earlier_projects(model.get("pixels")),
        ]
    )


def _as_earlier_projects(pixels: dict | None) -> list[str]:
    """The whole tumour pixel by pixel over tumour slices, which flatters; nothing without it."""
    if pixels is None:
        return []
    found = pixels["over_tumour_slices"]["wt"]
    measures = ("accuracy", "precision", "recall", "specificity")
    others = ", ".join(f"{measure} {found[measure]:.3f}" for measure in measures)
    return [
        "",
        f"As earlier projects scored, over the {pixels['tumour_slices']} slices with tumour alone: "
        f"whole tumour Dice (F1) {found['dice']:.3f} and IoU {found['iou']:.3f} with all pixels "
        f"pooled, {others}; Dice {found['slice_dice']:.3f} and IoU {found['slice_iou']:.3f} as "
        "the mean of single slices.",
    ]


def _cells(regions: dict, decimals: int) -> list[str]:
    return [_interval(described, decimals) for described in regions.values()]


def _interval(described: dict, decimals: int) -> str:
    mean, interval = described["mean"], described["interval"]
    bounds = "" if interval is None else " [{:.{d}f}, {:.{d}f}]".format(*interval, d=decimals)
    return f"{mean:.{decimals}f}{bounds}"


def failures_text(model: dict | None) -> str:
    """The worst patient and the worst region of the others, with their numbers."""
    if model is None:
        return NOT_EVALUATED
    ranked = sorted(model["patients"].items(), key=lambda item: _mean(item[1]))
    lines = [f"- The worst patient is {_patient_text(*ranked[0])}"]
    for region in model["summary"]["all"]["dice"]:
        case, patient = min(ranked, key=lambda item: item[1]["dice"][region])
        lines.append(f"- {REGION_NAMES[region]} at its worst: {case}, {_region(patient, region)}")
    return "\n".join(lines)


def _mean(patient: dict) -> float:
    return sum(patient["dice"].values()) / len(patient["dice"])


def _patient_text(case: str, patient: dict) -> str:
    dice = ", ".join(f"{region.upper()} {value:.3f}" for region, value in patient["dice"].items())
    grade = _GROUPS.get(patient["grade"])
    return f"{case}{f' ({grade})' if grade else ''}: Dice {dice}."


def _region(patient: dict, region: str) -> str:
    if "volume_ml" in patient:
        predicted, true = (
            f"{patient[key][region]:.1f} ml" for key in ("volume_ml", "true_volume_ml")
        )
    else:
        predicted, true = (
            f"{patient[key][region]:.0f} pixels" for key in ("pixels", "true_pixels")
        )
    return f"Dice {patient['dice'][region]:.3f}; {predicted} drawn where {true} are."
