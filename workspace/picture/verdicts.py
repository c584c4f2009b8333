"""Whether a slice has tumour, in words: by a threshold that was measured, with what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from report.rounding import three_figures
from workspace.models.evaluation_results import RESULTS, read_results

FILE: Final = "verdict"
# Of an area under the ROC curve: a coin's, and below what Hosmer and Lemeshow call it poor.
_GUESSING: Final = 0.5
_POOR: Final = 0.7
# Whose slices were measured, by the data set's key: the shares hold for such images alone.
_SLICES_OF: Final = {
    "brats": "BraTS (skull-stripped)",
    "lgg": "the LGG set (with their skulls)",
}
_NOT_A_DIAGNOSIS: Final = (
    "Not a diagnosis: it states how much was drawn, and how often that much was right on others."
)


@dataclass(frozen=True)
class Measured:
    """What a threshold was worth on the slices of some patients.

    Args:
        patients: How many they are.
        slices: How many slices they have.
        sensitivity: Share of the slices with tumour that are above the threshold.
        specificity: Share of those without that are not.
        auroc: Area under the ROC curve, over all thresholds.
    """

    patients: int
    slices: int
    sensitivity: float
    specificity: float
    auroc: float

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Measured":
        """Read an entry of ``training verdict``."""
        return cls(**{field: found[field] for field in cls.__dataclass_fields__})

    @property
    def in_words(self) -> str:
        """Both shares, such as ``sensitivity .93, specificity .96``."""
        shares = share(self.sensitivity), share(self.specificity)
        return f"sensitivity {shares[0]}, specificity {shares[1]}"


@dataclass(frozen=True)
class Threshold:
    """How much drawn tumour tells a slice with tumour, for one model and set of modalities.

    Args:
        percent: Of the head's area.
        data: The data set the patients are of, a key of ``_SLICES_OF``.
        chosen: Where it was chosen: validation patients.
        checked: Where it was read once: test patients.
    """

    percent: float
    data: str
    chosen: Measured
    checked: Measured

    @property
    def auroc(self) -> float:
        """The worse of the two areas under the ROC curve."""
        return min(self.chosen.auroc, self.checked.auroc)


def threshold_of(
    name: str, sha256: str, shown: tuple[str, ...], *, folder: Path = RESULTS
) -> Threshold | None:
    """The threshold that was measured for a model; None where none was, or for other weights.

    Args:
        name: Of the registry.
        sha256: Checksum of the weights that are in use.
        shown: The modalities it was given, of those that it reads.
        folder: Where the results are.
    """
    results = read_results(FILE, folder=folder)
    entry = results["models"].get(name) if results else None
    if not entry or entry["weights"] != sha256:
        return None
    for reading in entry["readings"]:
        if set(reading["modalities"]) == set(shown):
            parts = (Measured.of(reading[part]) for part in ("chosen", "checked"))
            return Threshold(reading["threshold_percent"], entry["data"], *parts)
    return None


def verdict(percent: float, threshold: Threshold) -> str:
    """What an area says of a slice, and how often such a word was right.

    Args:
        percent: The area drawn, in percent of the head.
        threshold: Of the model that drew it.
    """
    limit = f"{threshold.percent:.2f}\u00a0%"
    above = percent > threshold.percent
    chosen, checked = threshold.chosen, threshold.checked
    statement = (
        f"Tumour is drawn on {three_figures(percent, decimals=2)}\u00a0% of the head"
        if percent
        else "No tumour is drawn"
    )
    where = f"above the {limit}" if above else f"not above the {limit}"
    area = f"area under the ROC curve {share(threshold.auroc)}"
    begins, poor = f"**{statement}, {where}** that separated", ""
    if threshold.auroc <= _GUESSING:
        useless = f"**No verdict: no better than guessing** ({area})."
        begins = f"{useless} {statement}, {where} that was meant to separate"
    elif threshold.auroc < _POOR:
        poor = f"**Little better than guessing**: {area}. "
    return (
        f"{begins} slices with tumour from those without on "
        f"{chosen.patients} validation patients of {_SLICES_OF[threshold.data]}: "
        f"{chosen.in_words}. "
        f"On {checked.patients} test patients, who had no part in choosing it: {checked.in_words}. "
        f"{poor}{_NOT_A_DIAGNOSIS}"
    )


def cost_of_missing(
    name: str, sha256: str, read: tuple[str, ...], shown: tuple[str, ...], folder: Path = RESULTS
) -> str:
    """What it costs to show a model less than it reads, in a sentence; empty if nothing is missing.

    Args:
        name: Of the registry.
        sha256: Checksum of the weights that are in use.
        read: The modalities that the model reads.
        shown: Those of them that it was given.
        folder: Where the results are.
    """
    if set(read) == set(shown):
        return ""
    every, some = (threshold_of(name, sha256, each, folder=folder) for each in (read, shown))
    if every is None or some is None:
        return "What that costs was not measured for this set."
    full, less = every.chosen.auroc, some.chosen.auroc
    return (
        "How well its verdict separates the validation slices: area under the ROC curve "
        f"{share(less)} so, {share(full)} with all it reads."
    )


def share(value: float) -> str:
    """A share with two decimals, as radiologists write it: ``.93``."""
    text = f"{value:.2f}"
    return text[1:] if text.startswith("0") else text
