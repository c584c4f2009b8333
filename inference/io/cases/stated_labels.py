"""What a ``dataset.json`` says of the numbers of its truths, as one of ``CONVENTIONS``.

The first version of nnU-Net and the Decathlon give each number a name; the second each name its
number, or for regions that lie in each other all of theirs.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from common.vocabulary import BACKGROUND, ENHANCING_TUMOUR, NECROTIC_CORE, OEDEMA
from inference.io.truths.conventions import CONVENTIONS

# The first that fits: "non-enhancing" is no enhancing tumour, nor is its core the whole one.
_PARTS: Final = (
    (re.compile(r"non.?enhanc|necro|cyst|\b(ncr|netc?|ncr/net)\b"), NECROTIC_CORE),
    (re.compile(r"cavity|resect|\brc\b"), BACKGROUND),
    (re.compile(r"enhanc|\bet\b"), ENHANCING_TUMOUR),
    (re.compile(r"o?edema|infiltrat|flair|\b(ed|snfh)\b"), OEDEMA),
)
_REGIONS: Final = (
    ("et", re.compile(r"enhanc|\bet\b")),
    ("tc", re.compile(r"core|\btc\b")),
    ("wt", re.compile(r"whole|\bwt\b")),
)
_ONE_MASK: Final = re.compile(r"(whole[ _-]?)?(tumou?r|lesion|glioma)|wt")


def convention_stated(description: bytes) -> str | None:
    """The convention that the labels of a ``dataset.json`` are.

    Args:
        description: What is in it.

    Returns:
        None where it states none, or one that is not known.
    """
    try:
        labels = json.loads(description.decode("utf-8"))["labels"]
        named = _by_name(labels)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    drawn = {name: numbers - {0} for name, numbers in named.items() if numbers - {0}}
    if len(drawn) == 1 and _ONE_MASK.fullmatch(next(iter(drawn))):
        return "whole"
    nested = any(len(numbers) > 1 for numbers in drawn.values())
    found = _of_regions(drawn) if nested else _of_parts(drawn)
    if found is None or len(found) < 2:
        return None
    return next((name for name, each in CONVENTIONS.items() if each.labels == found), None)


def _by_name(labels: Mapping[str, Any]) -> dict[str, set[int]]:
    """The numbers by the name in small letters, of either version."""
    if all(key.isdigit() for key in labels):
        return {str(name).lower(): {int(number)} for number, name in labels.items()}
    return {
        name.lower(): set(map(int, each)) if isinstance(each, list) else {int(each)}
        for name, each in labels.items()
    }


def _of_parts(drawn: Mapping[str, set[int]]) -> dict[int, int] | None:
    found = {}
    for name, (number,) in drawn.items():
        label = next((label for words, label in _PARTS if words.search(name)), None)
        if label is None:
            return None
        found[number] = label
    return found


def _of_regions(drawn: Mapping[str, set[int]]) -> dict[int, int] | None:
    regions: dict[str, set[int]] = {}
    for name, numbers in drawn.items():
        region = next((region for region, words in _REGIONS if words.search(name)), None)
        if region is None or region in regions:
            return None
        regions[region] = numbers
    if len(regions) < len(_REGIONS) or not regions["et"] < regions["tc"] < regions["wt"]:
        return None
    return {
        **dict.fromkeys(regions["wt"] - regions["tc"], OEDEMA),
        **dict.fromkeys(regions["tc"] - regions["et"], NECROTIC_CORE),
        **dict.fromkeys(regions["et"], ENHANCING_TUMOUR),
    }
