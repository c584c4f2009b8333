"""Which slices a model reads at once, in words."""

from collections.abc import Sequence

from common.planes import AXIAL
from training.cards.words import join_words


def slices_text(offsets: tuple[int, ...], planes: Sequence[str]) -> str:
    """By the offsets of the neighbours in mm and the planes that were learned."""
    if len(planes) > 1:
        others = join_words([plane for plane in planes if plane != AXIAL])
        return (
            f"one slice at a time, axial, or {others} with the crown at the top (a voxel's "
            f"probability is the mean over the planes; the {others} slices are read only around "
            "what the axial ones take for tumour, and only where voxels are about 1 mm)"
        )
    if len(offsets) == 1:
        return "one axial slice at a time"
    named = ", ".join(f"{offset:+d}" if offset else "0" for offset in offsets)
    return (
        f"an axial slice and its neighbours at {named} mm (the nearest slices there are; beyond "
        "the ends the last one)"
    )
