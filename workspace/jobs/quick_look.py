"""What the smallest model draws of a case while the others work: an outline, and no figure.

It takes a tenth of the time of the others, and is less exact.
"""

from collections.abc import Callable
from typing import Final

from model_zoo.registry import contract
from viewer import QuickLook, labels_payload
from workspace.models.loaded_models import loaded_model
from workspace.open_case import OpenCase

# What the job of a case is called, and the model that does it.
QUICK_LOOK: Final = "quick look"
QUICK_MODEL: Final = "edge_unet"


def draw_quick_look(opened: OpenCase, report: Callable[[float], None]) -> QuickLook:
    """The outline for the panels of the models that have not answered yet.

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
    return QuickLook(contract(QUICK_MODEL).title, labels_payload(found.labels))
