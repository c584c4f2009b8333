"""What the names of files say together that none says alone: the kind of each.

Words that all names begin with are the patient's: ``head_seg`` beside ``head_t1``, ``head_flair``
is a truth of somebody called head, and ``KM_t1`` beside ``KM_t1ce`` is no T1 after contrast.
"""

from collections.abc import Sequence
from typing import Final

from common.vocabulary import MODALITIES
from inference.io.names.file_names import (
    MAY_BE_A_NAME,
    common_words,
    recognise,
    recognise_stem,
    stem_of,
)
from inference.naming.contrast import Contrast
from inference.naming.words import name_terms

_T1: Final = {"t1", "t1c"}


def kinds_of(names: Sequence[str]) -> list[str | None]:
    """What each of several files of one case holds: a modality, ``"truth"``, or None.

    Args:
        names: Their names, with extensions.
    """
    alone = [recognise(name) for name in names]
    images = [name for name, kind in zip(names, alone, strict=True) if kind in MODALITIES]
    shared = common_words([stem_of(name) for name in (images if len(images) > 1 else names)])
    if not shared or len(names) < 2:
        return alone
    without = [_without(name, shared, kind) for name, kind in zip(names, alone, strict=True)]
    told_apart = set(without) >= _T1
    return [
        _settled(name, kind, bare, told_apart=told_apart)
        for name, kind, bare in zip(names, alone, without, strict=True)
    ]


def _without(name: str, shared: str, kind: str | None) -> str | None:
    stem = stem_of(name)
    return recognise_stem(stem[len(shared) :]) if stem.startswith(shared) else kind


def _settled(name: str, kind: str | None, bare: str | None, *, told_apart: bool) -> str | None:
    """The kind by the whole name, or by what only this name has."""
    if bare is None or bare == kind:
        return kind
    heard = name_terms(stem_of(name))
    if bare in _T1 and heard.contrast != Contrast.SILENT:
        return bare if told_apart else kind if kind == bare else None
    if kind is None and bare in MODALITIES and heard.left_out not in {"", *MAY_BE_A_NAME}:
        return None
    return bare if kind is None else kind
