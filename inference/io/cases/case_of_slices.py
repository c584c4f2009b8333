"""The case that the pictures of slices make up."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.cases.files_of_case import CaseFiles
from inference.io.names.file_names import TRUTH, case_name
from inference.io.names.owners import TwoOwnersError, of_another, two_owners
from inference.io.names.unread import Unread, others_truth
from inference.io.names.wording import listed, shown
from inference.io.slices.numbered_slices import Series, Source, kind_of_folder

# What scanners and viewers call every slice they export.
_NAMELESS_STEMS: Final = {
    *("i", "im", "img", "image", "slice", "slices", "scan", "z", "case", "frame"),
}


def case_of_slices(found: list[Series], *, fallback: str) -> CaseFiles:
    """The case that series make up: one image, or one of each modality, and a truth for all."""
    truth = [series for series in found if series.kind == TRUTH]
    images = [series for series in found if series.kind != TRUTH]
    if not images:
        raise InputError(f"{shown(truth[0].path)} are truths without a scan; give its slices too.")
    if len(truth) > 1:
        raise twice(truth[0].path, truth[1].path, TRUTH)
    if two := two_owners([series.bare_name for series in images]):
        raise TwoOwnersError(*_called(two, images))
    name = name_of_slices(images, fallback=fallback)
    masks, unread = _own_truth(truth, images)
    if len(images) == 1 and images[0].kind is None:
        image = replace(images[0], hint=images[0].hint or kind_of_folder(fallback))
        return CaseFiles(name, truth=masks, stacked=image, unread=unread)
    return CaseFiles(name, modalities=_by_modality(images), truth=masks, unread=unread)


def _own_truth(
    truth: Sequence[Series], images: Sequence[Series]
) -> tuple[Series | None, tuple[Unread, ...]]:
    """The truth of these images, or a word on that it is another patient's."""
    if not truth:
        return None, ()
    if image := of_another(truth[0].bare_name, [series.bare_name for series in images]):
        [called] = _called([image], images)
        return None, (others_truth(truth[0].path, Path(called)),)
    return truth[0], ()


def _called(names: Sequence[str], series: Sequence[Series]) -> list[str]:
    """What the series of these bare names are called on screen."""
    return [next(each for each in series if each.bare_name == name).path.name for name in names]


def name_of_slices(images: Sequence[Series], *, fallback: str) -> str:
    """What to call a case: what comes before the number, but no word like ``slice`` or ``IM``."""
    name = case_name([f"{series.stem}.png" for series in images], fallback=fallback)
    return case_name([], fallback=fallback) if name.lower() in _NAMELESS_STEMS else name


def twice(path: Path, other: Path, kind: str, *more: Path) -> InputError:
    """The refusal of two or more files that are called alike."""
    names = listed([shown(each) for each in (path, other, *more)])
    together = "all" if more else "both"
    return InputError(
        f"{names} are {together} called {MODALITY_NAMES.get(kind, kind)}; give one file for each "
        "modality, and each patient a folder."
    )


def _by_modality(images: list[Series]) -> dict[str, Source]:
    modalities: dict[str, Series] = {}
    for series in images:
        if series.kind is None:
            other = next(other for other in images if other is not series)
            raise InputError(
                f"{shown(series.path)} and {shown(other.path)} are two stacks of slices, and their "
                "names do not state which modalities they are; give each patient a folder."
            )
        if series.kind in modalities:
            raise twice(series.path, modalities[series.kind].path, series.kind)
        modalities[series.kind] = series
    return {modality: modalities[modality] for modality in MODALITIES if modality in modalities}
