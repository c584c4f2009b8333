"""The benchmark's tables and sentences, made from the results of the commands."""

from collections.abc import Callable, Mapping
from typing import Final

from common.vocabulary import REGION_NAMES, REGIONS
from model_zoo.registry import contract
from workspace.benchmark.measures import GRADES, NOTHING, Measure
from workspace.jobs.segmentation import PANEL_NAMES
from workspace.models.evaluation_results import Results

Row = dict[str, str]
TRUSTED_PROTOCOL: Final = "honest"
# The variant that the others differ from in one part.
_RECIPE: Final = "recipe"
_UNSEEN: Final = ", whom no model was trained on"
_UNTOUCHED: Final = f"{_UNSEEN} and no constant was chosen on"


def heading(results: Results, *, untouched: bool = True) -> str:
    """How many patients, of which split, on what machine.

    Args:
        results: What ``training evaluate`` wrote.
        untouched: Whether nothing at all was decided on the test patients.
    """
    models = results["models"]
    groups = next(iter(models.values()))["summary"]
    grades = [
        f"{group['patients']} {GRADES[name].lower()}"
        for name, group in groups.items()
        if name in GRADES and name != "all"
    ]
    count = groups["all"]["patients"]
    of_grades = f" ({', '.join(grades)})" if grades else ""
    chosen = (_UNTOUCHED if untouched else _UNSEEN) if results["split"] == "test" else ""
    return (
        f"**{count} patients of the {results['split']} split**{of_grades}{chosen}. "
        f"Measured in {results['arithmetic']} on {results['machine']}."
    )


def is_of(results: Results, checksums: Mapping[str, str]) -> bool:
    """Whether scores are of these weights; a model without a checksum is left out."""
    return all(
        checksums.get(name, model["weights"]) == model["weights"]
        for name, model in results["models"].items()
    )


def cross_validation_sentence(results: Results) -> str:
    """How cross-validation was made, and what it scores."""
    (summary,) = (result["summary"] for result in results["models"].values())
    return (
        f"**All {summary['all']['patients']} patients**, those of the test among them, dealt into "
        f"{results['folds']} folds: for each, the network was trained anew on the others, for "
        f"{results['steps']} steps of {results['batch']} slices, and scored on the patients it had "
        "never seen. That scores the recipe, not the weights this app uses. Measured in "
        f"{results['arithmetic']} on {results['machine']}."
    )


def cross_validation_rows(results: Results, measure: Measure) -> list[Row]:
    """One row a group of patients: mean and interval of each region, and the false slices."""
    return [
        {"Model": title_of(name), "Patients": f"{summary['patients']} {GRADES[group].lower()}"}
        | means(summary, measure)
        for name, result in results["models"].items()
        for group, summary in result["summary"].items()
    ]


def groups_of(results: Results) -> list[str]:
    """The groups of patients there are scores of, all of them first."""
    first = next(iter(results["models"].values()))
    return [name for name in GRADES if name in first["summary"]]


def score_rows(results: Results, measure: Measure, group: str) -> list[Row]:
    """One row a model: mean and interval of each region, and the false slices."""
    return [
        {"Model": title_of(name), "Patients": str(summary["patients"])} | means(summary, measure)
        for name, result in results["models"].items()
        if (summary := result["summary"].get(group))
    ]


def means(summary: Mapping, measure: Measure) -> Row:
    """Mean and interval of the regions that a group of patients was scored on, and false slices."""
    regions = {
        region.upper(): interval(summary[measure.key][region], measure)
        for region in REGIONS
        if region in summary[measure.key]
    }
    return regions | {"False slices": share(summary["false_positive_rate"]["mean"])}


def interval(described: Mapping, measure: Measure) -> str:
    """A mean with its interval: ``0.84 [0.76, 0.92]``."""
    mean = measure.written(described["mean"])
    if described["interval"] is None:
        return mean
    low, high = map(measure.written, described["interval"])
    return f"{mean} [{low}, {high}]"


def share(value: float | None) -> str:
    """A share in per cent."""
    return NOTHING if value is None else f"{100 * value:.1f}\u00a0%"


def published_rows(published: Results) -> list[Row]:
    """What others have published, as they did."""
    return [
        {"Published by": row["name"]}
        | {region.upper(): _range(row["dice"][region]) for region in REGIONS}
        | {"Trained on": row["trained_on"]}
        for row in published["rows"]
    ]


def _range(values: list[float]) -> str:
    """As many digits as were published: two, or three."""
    return " to ".join(f"{value:.3f}".removesuffix("0") for value in values)


def protocol_rows(protocols: Results, model: str) -> list[Row]:
    """The same predictions of a model, scored in every way."""
    entries = protocols["models"][model]["protocols"]
    return [
        {"How it is scored": entry["title"]}
        | {region.upper(): _two(entry[region]) for region in REGIONS}
        for entry in entries.values()
    ]


def protocol_sentences(protocols: Results, model: str) -> list[tuple[str, str]]:
    """Title and sentence of every way of scoring."""
    entries = protocols["models"][model]["protocols"].values()
    return [(entry["title"], entry["sentence"]) for entry in entries]


def protocol_lesson(protocols: Results, model: str) -> str:
    """By how much the kindest way of scoring lifts the honest score."""
    entries = protocols["models"][model]["protocols"]
    honest = entries[TRUSTED_PROTOCOL]
    kindest = max(entries.values(), key=lambda entry: entry["tc"] or 0)
    return (
        f"The same predictions of {title_of(model)}: the tumour core scores {_two(honest['tc'])} "
        f"per patient, and {_two(kindest['tc'])} as “{kindest['title'].lower()}”. "
        "Nothing about the segmentation has changed."
    )


def _two(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.2f}"


def triple_sentence(triple: Mapping, patients: int) -> str:
    """What three sigmoids do to our weights."""
    dice = ", ".join(f"{region.upper()} {_two(triple['dice'][region])}" for region in REGIONS)
    tumour_share = f"{100 * triple['share_of_pixels']:.0f}\u00a0%"
    return (
        f"{triple['sentence']} On the {patients} test patients {tumour_share} of all "
        f"pixels are tumour then, and the Dice falls to {dice}."
    )


def leak_sentences(leak: Results, score: str) -> list[str]:
    """What the leak is, and what it was worth."""
    slices, patients = (leak["splits"][key]["scores"][score] for key in ("slice", "patient"))
    same = leak["same_slices"]
    lifted = ", ".join(
        f"{REGION_NAMES[region].lower()} {_signed(same['inflation'][score][region])}"
        for region in REGIONS
    )
    title = slices["title"].lower()
    scores = "; ".join(
        f"{region.upper()} {_two(slices[region])} instead of {_two(patients[region])}"
        for region in REGIONS
    )
    return [
        "Neighbouring slices of one patient are nearly the same picture. Where slices, not "
        "patients, are shared out between training and test, a network is tested on pictures it "
        "has all but seen.",
        f"{title_of(leak['model'])} was trained twice for {leak['steps']} steps, once split by "
        f"slice and once by patient, and each was scored on its own test slices "
        f"(Dice, {title}): {scores}.",
        f"On the very same {same['slices']} slices, which neither was trained on, the leak alone "
        f"adds: {lifted}.",
    ]


def _signed(described: Mapping) -> str:
    low, high = described["interval"]
    return f"{described['difference']:+.2f} [{low:+.2f}, {high:+.2f}]"


def ablation_rows(ablation: Results) -> list[Row]:
    """What each part of the training was worth, and, in a row of its own, the rule of drawing."""
    scores = {(row["name"], row["drawing"], row["group"]): row for row in ablation["rows"]}
    names = sorted({name for name, _, _ in scores}, key=lambda name: (name != _RECIPE, name))
    shown = [(name, "drawn") for name in names]
    if _RECIPE in names:
        shown.insert(1, (_RECIPE, "at one half"))
    return [_ablation_row(scores, name, drawing) for name, drawing in shown]


def _ablation_row(scores: Mapping, name: str, drawing: str) -> Row:
    whole = scores[name, drawing, "all"]
    plain = drawing != "drawn"
    row = {"Variant": name.replace("_", " ") + (f", {drawing}" if plain else "")}
    row |= {region.upper(): _two(whole["dice"][region]) for region in REGIONS}
    row |= _core_by_grade(lambda group: scores.get((name, drawing, group)))
    sentence = "Every region drawn at a probability of one half, specks and all."
    return row | {"What it is": sentence if plain else whole["sentence"]}


def drawing_rows(drawing: Results) -> list[Row]:
    """What each way of drawing regions from probabilities was worth."""
    scores = {(row["name"], row["group"]): row for row in drawing["rows"]}
    names = list(dict.fromkeys(name for name, _ in scores))
    return [_drawing_row(scores, name) for name in names]


def _drawing_row(scores: Mapping, name: str) -> Row:
    whole = scores[name, "all"]
    row = {"Rule": name.replace("_", " ")}
    row |= {region.upper(): _two(whole["dice"][region]) for region in REGIONS}
    row |= _core_by_grade(lambda group: scores.get((name, group)))
    by_lesion = {region.upper(): _two(whole["lesion_dice"][region]) for region in REGIONS}
    row |= {f"{region} lesion-wise": dice for region, dice in by_lesion.items()}
    return row | {"What it is": whole["sentence"]}


def planes_rows(axial: Results, planes: Results) -> list[Row]:
    """Slices of one plane against slices of three, equally long trained, by grade."""
    return [
        {
            "Learned from": title,
            "Patients": f"{row['patients']} {GRADES[row['group']].lower()}",
            **{region.upper(): _two(row["dice"][region]) for region in REGIONS},
        }
        for group in ("all", "HGG", "LGG")
        for title, results in (("Axial slices", axial), ("Slices of all planes", planes))
        for row in results["rows"]
        if (row["name"], row["group"]) == ("drawn", group)
    ]


def _core_by_grade(part_of: Callable[[str], Mapping | None]) -> Row:
    parts = {group: part_of(group) for group in ("HGG", "LGG")}
    return {
        f"TC {GRADES[group].lower()}": _two(part["dice"]["tc"])
        for group, part in parts.items()
        if part
    }


def title_of(name: str) -> str:
    """What a person reads for a model or for the consensus."""
    return PANEL_NAMES.get(name) or contract(name).title
