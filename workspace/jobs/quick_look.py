"""What the smallest model draws of a case while the others work: an outline, and no figure.

It takes a tenth of the time of the others, and is less exact.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from inference.network.segmentation import Segmentation
from model_zoo.registry import contract
from viewer import QuickLook, labels_payload
from workspace.models.networks import networks
from workspace.open_case import OpenCase
from workspace.own_frames import frames_of

# What the job of a case is called, and the model that does it.
QUICK_LOOK: Final = "quick look"
QUICK_MODEL: Final = "edge_unet"


def segmentation_by(name: str, opened: OpenCase, report: Callable[[float], None]) -> Segmentation:
    """What a model predicts for an open case, wherever it is computed.

    Args:
        name: Of the registry.
        opened: The case.
        report: Called with the share of slices done.

    Raises:
        InputError: if the configuration of the Hub or of the cluster is wrong.
        WeightsError: if its weights are missing or damaged.
    """
    from inference.network.engine import segment_prepared

    work = partial(segment_prepared, name=name, shape=opened.case.shape)
    return networks().ask(name, work, opened.prepared, report)


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
        InputError: as of :func:`segmentation_by`.
        WeightsError: as there.
    """
    found = segmentation_by(QUICK_MODEL, opened, report)
    title = contract(QUICK_MODEL).title
    looks: dict[str | None, QuickLook] = {None: QuickLook(title, labels_payload(found.labels))}
    for frames in frames_of(opened)[:1]:
        there = opened.came.segmentation_as_it_came(found, frames, with_probabilities=False)
        looks[frames] = QuickLook(title, labels_payload(there.labels))
    return looks
