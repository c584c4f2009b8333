"""What the smallest model draws of a case while the others work: an outline, and no figure.

It takes a tenth of the time of the others, and is less exact.
"""

from collections.abc import Callable
from typing import Final

from model_zoo.registry import contract
from viewer import QuickLook, labels_payload
from workspace.models.loaded_models import loaded_model
from workspace.open_case import OpenCase
from workspace.own_frames import frames_of

# What the job of a case is called, and the model that does it.
QUICK_LOOK: Final = "quick look"
QUICK_MODEL: Final = "edge_unet"


def draw_quick_look(
    opened: OpenCase, report: Callable[[float], None]
) -> dict[str | None, QuickLook]:
    """The outline for the panels of the models that have not answered yet.

    Returns:
        By the frames that the case may be shown on: None as the networks see it, and the modality
        on whose frames it is usually shown, where it was prepared.

    Args:
        opened: The case.
        report: Called with the share of slices done.

    Raises:
        InputError: if the configuration of the Hub is wrong.
        WeightsError: if its weights are missing or damaged.
    """
    from inference.network.engine import segment

    model, _ = loaded_model(QUICK_MODEL)
    found = segment(opened.case, model, name=QUICK_MODEL, prepared=opened.prepared, progress=report)
    model.rest(for_long=True)
    title = contract(QUICK_MODEL).title
    looks: dict[str | None, QuickLook] = {None: QuickLook(title, labels_payload(found.labels))}
    for frames in frames_of(opened)[:1]:
        there = opened.came.segmentation_as_it_came(found, frames, with_probabilities=False)
        looks[frames] = QuickLook(title, labels_payload(there.labels))
    return looks
