"""The files of public data sets by the layout of their releases (``layouts.toml``)."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.cases.case_of_slices import twice
from inference.io.cases.files_of_case import (
    CaseFiles,
    Channels,
    RefusedFiles,
    noted,
    refuse,
)
from inference.io.names.file_names import (
    TRUTH,
    case_name,
    is_nifti_name,
    recognise,
    recognise_stem,
    stem_of,
)
from inference.io.names.owners import of_another
from inference.io.names.unread import Unread, nameless
from inference.io.names.wording import shown

_TABLE: Final = Path(__file__).with_name("layouts.toml")
_STACK: Final = "stack"
_NUMBERED: Final = "numbered"
_KINDS: Final = (*MODALITIES, TRUTH, _STACK, _NUMBERED)
_OF_DECATHLON: Final = re.compile(r"BRATS_\d{3}$")
_DECATHLON: Final = ("flair", "t1", "t1c", "t2")
_OTHER_TRUTH: Final = "by its name of another patient, or not the truth of its data set"
DESCRIPTION: Final = "dataset.json"
_NUMBERED_NAME: Final = re.compile(r"(?P<case>.+)_000(?P<number>[0-3])")
_DESCRIPTION_KEYS: Final = ("channel_names", "modality")
_LARGEST_DESCRIPTION: Final = 10_000_000


@dataclass(frozen=True)
class Layout:
    """How a data set lays out its files.

    Args:
        name: The data set.
        patterns: By kind of file, what paths end in; of several the first that there is holds.
        needs: The kinds that one case must have.
        without: What a path of an image does not contain.
        convention: What the numbers of its truths mean, where they do not tell.
    """

    name: str
    patterns: Mapping[str, tuple[re.Pattern[str], ...]]
    needs: frozenset[str]
    without: re.Pattern[str] | None
    convention: str | None


@cache
def layouts() -> tuple[Layout, ...]:
    """Those of the table, in its order."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["layout"]
    return tuple(_layout(entry) for entry in table)


def _layout(entry: dict) -> Layout:
    patterns = {
        kind: tuple(re.compile(rf"(?:^|/){each}$") for each in _listed(entry[kind]))
        for kind in _KINDS
        if kind in entry
    }
    without = entry.get("without")
    return Layout(
        entry["name"],
        patterns,
        frozenset(entry["needs"]),
        re.compile(without) if without else None,
        entry.get("convention"),
    )


def cases_by_layout(
    files: Mapping[str, Path],
    *,
    channels: Channels = None,
    refused: list[RefusedFiles] | None = None,
) -> tuple[list[CaseFiles], list[Path]]:
    """The cases that files are by the layout of a data set, and the files that are of none.

    Args:
        files: By their path from the folder that was given, with slashes.
        channels: The modalities of numbered files, where the user has named them.
        refused: Gets the cases that have two files of one kind, if the others are wanted.

    Returns:
        No cases where the files are laid out like none of the table.

    Raises:
        InputError: where a case has two files of one kind, and nobody takes note of it.
    """
    volumes = {path: file for path, file in files.items() if is_nifti_name(file.name)}
    for layout in layouts():
        here: list[RefusedFiles] | None = None if refused is None else []
        cases = _grouped(layout, volumes, here)
        if any(layout.needs <= set(case) for case in cases.values()):
            made = [_case(layout, name, kinds, channels) for name, kinds in cases.items()]
            used = {file for kinds in cases.values() for file in kinds.values()}
            if refused is not None:
                refused += here or []
            return _with_unread(made, [file for file in files.values() if file not in used])
    return [], []


def _grouped(
    layout: Layout, files: Mapping[str, Path], refused: list[RefusedFiles] | None
) -> dict[str, dict[str, Path]]:
    """By case and kind; truths alone are no case."""
    cases: dict[str, dict[str, Path]] = {}
    ranks: dict[tuple[str, str], int] = {}
    spoilt: set[str] = set()
    for path, file in sorted(files.items()):
        found = _kind_of(layout, stem_of(path))
        if found is None:
            continue
        name, kind, rank = found
        case = cases.setdefault(name, {})
        if kind in case and ranks[name, kind] == rank:
            if name not in spoilt:
                error = twice(file, case[kind], kind)
                refuse(refused, RefusedFiles(name, file.parent, error))
                spoilt.add(name)
        elif kind not in case or rank < ranks[name, kind]:
            case[kind], ranks[name, kind] = file, rank
    return {n: case for n, case in cases.items() if set(case) - {TRUTH} and n not in spoilt}


def _kind_of(layout: Layout, path: str) -> tuple[str, str, int] | None:
    """Name of the case, kind, and which of its patterns it is."""
    left_out = layout.without is not None and layout.without.search(path)
    for kind, patterns in layout.patterns.items():
        if left_out and kind != TRUTH:
            continue
        for rank, pattern in enumerate(patterns):
            found = pattern.search(path)
            if found:
                groups = found.groupdict()
                name = "_".join(filter(None, (groups["case"], groups.get("session"))))
                return name, groups.get("number") or kind, rank
    return None


def _case(layout: Layout, name: str, kinds: Mapping[str, Path], channels: Channels) -> CaseFiles:
    truth = kinds.get(TRUTH)
    named = case_name([f"{name}.nii"], fallback=name)
    stack = kinds.get(_STACK)
    if stack is not None:
        return CaseFiles(named, truth=truth, stacked=stack)
    remarks: tuple[str, ...] = ()
    if _NUMBERED in layout.patterns:
        kinds, remarks = _in_order(name, kinds, channels)
    return CaseFiles(
        named,
        modalities={kind: kinds[kind] for kind in MODALITIES if kind in kinds},
        truth=truth,
        truth_convention=layout.convention if truth is not None else None,
        remarks=remarks,
    )


def _in_order(
    name: str, kinds: Mapping[str, Path], channels: Channels
) -> tuple[dict[str, Path], tuple[str, ...]]:
    """Numbered files as the modalities that they are said to be."""
    numbered = {number: file for number, file in kinds.items() if number.isdigit()}
    order = channels or _described(next(iter(numbered.values())))
    remarks: tuple[str, ...] = ()
    if order is None:
        order = _DECATHLON if _OF_DECATHLON.search(name) else MODALITIES
        listed = ", ".join(MODALITY_NAMES[kind] for kind in order if kind)
        remarks = (
            f"The files _0000 to _0003 were taken to be {listed}, since no {DESCRIPTION} says "
            "what they are (--channels names another order).",
        )
    found = {
        order[int(number)]: file for number, file in numbered.items() if int(number) < len(order)
    }
    return {kind: file for kind, file in found.items() if kind}, remarks


def _described(file: Path) -> Channels:
    """The order that the description of a data set states, beside its images or above them."""
    for folder in (file.parent, file.parent.parent):
        description = folder / DESCRIPTION
        if not description.is_file() or description.stat().st_size > _LARGEST_DESCRIPTION:
            continue
        order = order_stated(description.read_bytes())
        if order:
            return order
    return None


def order_stated(description: bytes) -> Channels:
    """The modalities of numbered files, as the ``dataset.json`` of nnU-Net states them.

    Args:
        description: What is in it.

    Returns:
        None where it states none.
    """
    try:
        content = json.loads(description.decode("utf-8"))
        stated = next(content[key] for key in _DESCRIPTION_KEYS if key in content)
        names = [str(stated[key]) for key in sorted(stated, key=int)]
    except (ValueError, StopIteration, TypeError, AttributeError):
        return None
    kinds = tuple(recognise_stem(name) for name in names)
    return tuple(k if k in MODALITIES else None for k in kinds) if any(kinds) else None


def numbered_file(name: str) -> tuple[str, int] | None:
    """The case and the number of a file that is named as nnU-Net names the images of a case."""
    found = _NUMBERED_NAME.fullmatch(stem_of(name))
    return (found["case"], int(found["number"])) if found and is_nifti_name(name) else None


def _with_unread(
    cases: list[CaseFiles], others: Sequence[Path]
) -> tuple[list[CaseFiles], list[Path]]:
    """Cases with a word on what lies in their folders and is not read; what lies elsewhere."""
    left = list(others)
    noted_cases = []
    for case in cases:
        sources = [*case.modalities.values(), *([case.stacked] if case.stacked else [])]
        folders = {source.parent for source in sources if isinstance(source, Path)}
        shared = sum(folders <= _folders_of(other) for other in cases) > 1
        here = [] if shared else [file for file in left if file.parent in folders]
        left = [file for file in left if file not in here]
        noted_cases.append(_with_truth(case, here))
    return noted_cases, left


def _with_truth(case: CaseFiles, beside: Sequence[Path]) -> CaseFiles:
    """A case with what lies in its folder: a truth by its name, where its data set has none."""
    truths = [file for file in beside if recognise(file.name) == TRUTH]
    names = [source.name for source in case.modalities.values() if isinstance(source, Path)]
    own = [file for file in truths if of_another(file.name, names) is None]
    if case.truth is None and len(own) == 1 and case.modalities:
        return noted(replace(case, truth=own[0]), _reasons([f for f in beside if f != own[0]]))
    return noted(case, _reasons(beside))


def _reasons(files: Sequence[Path]) -> list[Unread]:
    truths = [file for file in files if recognise(file.name) == TRUTH]
    return [
        *nameless(file for file in files if file not in truths),
        *(Unread(shown(file), _OTHER_TRUTH) for file in truths),
    ]


def _folders_of(case: CaseFiles) -> set[Path]:
    sources = [*case.modalities.values(), *([case.stacked] if case.stacked else [])]
    return {source.parent for source in sources if isinstance(source, Path)}


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
