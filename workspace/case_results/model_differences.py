"""How the models differ on the open case, in words, for any page."""

from collections.abc import Mapping
from typing import Final

from common.vocabulary import CONSENSUS
from report.differences import Scale, difference_sentences
from workspace.jobs.result_cache import ResultCache
from workspace.jobs.segmentation import PANEL_NAMES, Answer
from workspace.open_case import OpenCase

# Words only: the label maps are not kept here.
_sentences: Final = ResultCache(32)


def differences_of(opened: OpenCase, answers: Mapping[str, Answer]) -> dict[str, str]:
    """By model, a sentence or two on how it differs from the others.

    Nothing here is slow to import: the compare page may show it too.
    """
    maps = {
        name: answers[name].segmentation.labels
        for name in PANEL_NAMES
        if name in answers and name != CONSENSUS
    }
    case = opened.case
    scale = Scale(
        voxel_ml=case.voxel_volume_ml if case.voxel_size_known else None,
        middle=opened.middle_x,
        flat=case.shape[2] == 1,
    )
    key = (opened.key, *maps)
    return _sentences.get(key, lambda: difference_sentences(maps, PANEL_NAMES, scale))
