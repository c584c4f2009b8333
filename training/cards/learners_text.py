"""What a card says of those a network learned from beside whole patients of its data set."""

from dataclasses import replace
from typing import Final

from training.data.data_sets import LGG, DataSet

# How an entry of the section "volume" is worded; those that are 0 or missing were not used.
_CHANGES: Final = {
    "thick_slices": "slices of 3 to 6 mm",
    "mask_errors": "errors of the brain mask",
    "misalign": "modalities moved by 1 to 2 mm",
    "histogram": "other histograms",
    "bias_field": "bias fields",
    "carvemix": "a lesion of another training patient",
}


def beside_text(patients: dict[str, int]) -> str:
    """Sentences, with a space before them, on who lacks something and on LGG heads; or nothing."""
    text = ""
    if partial := patients.get("partial"):
        text += f" Of those for training {partial} lack a modality or a part of the truth."
    if heads := patients.get("lgg_heads"):
        text += (
            f" Beside them {heads} patients of {LGG.title}, brains in thick slices, for the whole "
            "tumour alone."
        )
    return text


def copies_text(training: dict) -> str:
    """A sentence, with a space before it, on changed copies of whole scans; or nothing."""
    volume = training.get("volume") or {}
    if not volume.get("copies"):
        return ""
    used = [f"{words} ({volume[key]:.0%})" for key, words in _CHANGES.items() if volume.get(key)]
    return (
        f" {volume['share']:.0%} of the draws are of changed copies of the scans, "
        f"{volume['copies']} of each: {', '.join(used) or 'unchanged'}."
    )


def with_lgg_licence(data: DataSet, patients: dict[str, int]) -> DataSet:
    """A data set under its own licence and that of the LGG heads, if they were learned from."""
    if not patients.get("lgg_heads"):
        return data
    return replace(
        data,
        licence=f"{data.licence} {LGG.licence}",
        licence_name=f"{data.licence_name}-and-{LGG.licence_name}",
        tags=(*data.tags, *(tag for tag in LGG.tags if tag not in data.tags)),
        datasets=(*data.datasets, *LGG.datasets),
    )
