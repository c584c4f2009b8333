"""The files of public data sets by the layout of their releases (``layouts.toml``)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.cases.case_of_slices import twice
from inference.io.cases.data_set_description import convention_beside, order_beside
from inference.io.cases.files_of_case import (
    CaseFiles,
    Channels,
    RefusedFiles,
    noted,
    refuse,
)
from inference.io.names.file_names import (
    DESCRIPTION,
    TRUTH,
    case_name,
    is_volume_name,
    recognise,
    recognise_stem,
    stem_of,
)
from inference.io.names.owners import of_another
from inference.io.names.unread import Unread, nameless
from inference.io.names.wording import shown
from inference.io.truths.conventions import CONVENTIONS

_TABLE: Final = Path(__file__).with_name("layouts.toml")
_STACK: Final = "stack"
_NUMBERED: Final = "numbered"
_FIRST: Final = "0000"
_KINDS: Final = (*MODALITIES, TRUTH, _STACK, _NUMBERED)
_OF_DECATHLON: Final = re.compile(r"BRATS_\d{3}$")
_DECATHLON: Final = ("flair", "t1", "t1c", "t2")
_OTHER_IMAGE: Final = "by its number none of T1, T1c, T2 and FLAIR"
_OTHER_TRUTH: Final = "by its name of another patient, or not the truth of its data set"


@dataclass(frozen=True)
class Layout:
    """How a data set lays out its files.

    Args:
        name: The data set.
        patterns: By kind of file, what paths end in; of several the first that there is holds.
        needs: The kinds that one case must have.
        without: What a path of an image does not contain.
        described: Whether the modalities of its stacks are those that a ``dataset.json`` states.
        convention: What the numbers of its truths mean, where they do not tell.
    """

    name: str
    patterns: Mapping[str, tuple[re.Pattern[str], ...]]
    needs: frozenset[str]
    without: re.Pattern[str] | None
    described: bool
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
        entry.get("described", False),
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
    volumes = {path: file for path, file in files.items() if is_volume_name(file.name)}
    for layout in layouts():
        here: list[RefusedFiles] | None = None if refused is None else []
        beaten: dict[Path, Path] = {}
        cases = _grouped(layout, volumes, here, beaten)
        if any(_is_laid_out(layout, case) for case in cases.values()):
            made = [_case(layout, name, kinds, channels) for name, kinds in cases.items()]
            used = {file for kinds in cases.values() for file in kinds.values()}
            if refused is not None:
                refused += here or []
            others = [file for file in files.values() if file not in used]
            return _with_unread(made, others, beaten)
    return [], []


def _is_laid_out(layout: Layout, kinds: Mapping[str, Path]) -> bool:
    """Whether these files of a case are what the layout is known by."""
    if layout.described or (_NUMBERED in layout.patterns and _FIRST in kinds):
        order = order_beside(kinds.get(_STACK) or kinds.get(_FIRST))
        if order is not None:
            return True
    return not layout.described and layout.needs <= set(kinds)


def _grouped(
    layout: Layout,
    files: Mapping[str, Path],
    refused: list[RefusedFiles] | None,
    beaten: dict[Path, Path],
) -> dict[str, dict[str, Path]]:
    """By case and kind; truths alone are no case.

    Args:
        layout: The layout.
        files: By their path.
        refused: As of :func:`cases_by_layout`.
        beaten: Gets the files in whose place another one of the case is read, and that one.
    """
    cases: dict[str, dict[str, Path]] = {}
    ranks: dict[tuple[str, str], tuple[int, int]] = {}
    spoilt: set[str] = set()
    for path, file in sorted(files.items()):
        found = _kind_of(layout, stem_of(path))
        if found is None:
            continue
        name, kind, rank = found
        case = cases.setdefault(name, {})
        former = case.get(kind)
        if former is not None and ranks[name, kind] == rank:
            if name not in spoilt:
                error = twice(file, former, kind)
                refuse(refused, RefusedFiles(name, file.parent, error))
                spoilt.add(name)
        elif former is None or rank < ranks[name, kind]:
            case[kind], ranks[name, kind] = file, rank
            if former is not None:
                beaten[former] = file
        else:
            beaten[file] = former
    return {n: case for n, case in cases.items() if set(case) - {TRUTH} and n not in spoilt}


def _kind_of(layout: Layout, path: str) -> tuple[str, str, tuple[int, int]] | None:
    """Name of the case, kind, and how far behind others of this kind it is.

    Of several patterns the first holds, of several runs the last: a scan is repeated when something
    was wrong with it.
    """
    left_out = layout.without is not None and layout.without.search(path)
    for kind, patterns in layout.patterns.items():
        if left_out and kind != TRUTH:
            continue
        for place, pattern in enumerate(patterns):
            found = pattern.search(path)
            if found:
                groups = found.groupdict()
                name = "_".join(filter(None, (groups["case"], groups.get("session"))))
                called = groups.get("number") or _by_words(kind, groups.get("words"))
                rank = (place, -int(groups.get("run") or 0))
                return None if called is None else (name, called, rank)
    return None


def _by_words(kind: str, words: str | None) -> str | None:
    """The kind of an image whose name has words that say more than the pattern does."""
    return kind if words is None else recognise_stem(kind + words)


def _case(layout: Layout, name: str, kinds: Mapping[str, Path], channels: Channels) -> CaseFiles:
    truth = kinds.get(TRUTH)
    named = case_name([f"{name}.nii"], fallback=name)
    stack = kinds.get(_STACK)
    if stack is not None:
        order = channels or (order_beside(stack) if layout.described else None)
        return _as_stated(CaseFiles(named, truth=truth, stacked=stack, channels=order), stack)
    first = kinds.get(_FIRST)
    remarks: tuple[str, ...] = ()
    passed: list[Path] = []
    if _NUMBERED in layout.patterns:
        kinds, passed, remarks = _in_order(name, kinds, channels)
    case = CaseFiles(
        named,
        modalities={kind: kinds[kind] for kind in MODALITIES if kind in kinds},
        truth=truth,
        truth_convention=layout.convention if truth is not None else None,
        remarks=remarks,
    )
    case = noted(case, [Unread(shown(file), _OTHER_IMAGE) for file in passed])
    return _as_stated(case, first)


def _as_stated(case: CaseFiles, image: Path | None) -> CaseFiles:
    """A case whose truth is numbered as the description of its data set states, if it does."""
    stated = convention_beside(image) if case.truth is not None else None
    if stated is None:
        return case
    remark = f"The truth is numbered as {DESCRIPTION} states: {CONVENTIONS[stated].title}."
    return replace(case, truth_convention=stated, remarks=(*case.remarks, remark))


def _in_order(
    name: str, kinds: Mapping[str, Path], channels: Channels
) -> tuple[dict[str, Path], list[Path], tuple[str, ...]]:
    """Numbered files as the modalities that they are said to be; those that are none; remarks."""
    numbered = {int(number): file for number, file in kinds.items() if number.isdigit()}
    order = channels or order_beside(next(iter(numbered.values())))
    remarks: tuple[str, ...] = ()
    if order is None:
        order = _DECATHLON if _OF_DECATHLON.search(name) else MODALITIES
        listed = ", ".join(MODALITY_NAMES[kind] for kind in order if kind)
        remarks = (
            f"The files _0000 to _0003 were taken to be {listed}, since no {DESCRIPTION} says "
            "what they are (--channels names another order).",
        )
    called = {number: kind for number, kind in enumerate(order) if kind}
    found = {called[number]: file for number, file in numbered.items() if number in called}
    return found, [file for number, file in numbered.items() if number not in called], remarks


def _with_unread(
    cases: list[CaseFiles], others: Sequence[Path], beaten: Mapping[Path, Path]
) -> tuple[list[CaseFiles], list[Path]]:
    """Cases with a word on what lies in their folders and is not read; what lies elsewhere."""
    left = list(others)
    noted_cases = []
    for case in cases:
        sources = [*case.modalities.values(), *([case.stacked] if case.stacked else [])]
        folders = {source.parent for source in sources if isinstance(source, Path)}
        shared = sum(folders <= _folders_of(other) for other in cases) > 1
        instead = [f for f in left if f in beaten and beaten[f] in (*sources, case.truth)]
        here = [] if shared else [f for f in left if f.parent in folders and f not in instead]
        left = [file for file in left if file not in (*here, *instead)]
        found = _with_truth(case, here)
        noted_cases.append(noted(found, [_instead(file, beaten[file]) for file in instead]))
    return noted_cases, left


def _instead(file: Path, of: Path) -> Unread:
    return Unread(shown(file), f"{shown(of)} is read in its place")


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
