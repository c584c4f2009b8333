"""From region probabilities to the regions that are drawn: the probability required, and no specks.

The constants were chosen on patients that the networks in question had not been trained on, none
of them of the test split: ``python -m training drawing`` scores such patients with them and with
others.
"""

from dataclasses import dataclass

import numpy as np

from common.labels import regions_to_labels
from common.vocabulary import REGIONS

HALF = (0.5, 0.5, 0.5)

# The share that enhances is one of the whole tumour; a slice or two do not show it. Nor do they
# show which pieces of a tumour hang together above or below: what is small there may be none.
_ENOUGH_SLICES = 20
_SPECK_IN_FEW_SLICES = 0.03

# As little as two probabilities differ by around one half.
_A_LITTLE = np.float32(0.0005)

_TOUCHING = np.ones((3, 3, 3), bool)


@dataclass(frozen=True)
class DrawingRule:
    """What a probability has to reach before a region is drawn.

    Most tumours the networks learned from enhance. In one that hardly does they take core for
    oedema, with probabilities that are far too low yet in the right order: the shift of the
    labels' frequencies that Saerens et al. 2002 correct for. How low they are depends on the
    network; how much of such a tumour is core, on the tumour alone. So the core drawn there is the
    part of the tumour where it is likeliest.

    Args:
        hardly_enhancing: A tumour hardly enhances if less than this share of it does.
        whole: Probability above which the whole tumour is drawn there.
        core_share: Share of it that is drawn as core there, at the least.
        nothing_enhances: Where less than this share of the tumour enhances, none of it is drawn so:
            a few voxels are a vessel more often than tumour (Isensee et al. 2019, No New-Net).
        speck: Pieces of less than this share of a region's largest one are left out: they are
            specks more often than tumour. In a few slices the share is smaller.
    """

    hardly_enhancing: float = 0.04
    whole: float = 0.25
    core_share: float = 0.4
    nothing_enhances: float = 0.005
    speck: float = 0.1


RULE = DrawingRule()


def draw_regions(
    probabilities: np.ndarray, *, regions: tuple[str, ...] = REGIONS, rule: DrawingRule = RULE
) -> np.ndarray:
    """(3, x, y, z) region probabilities of a scan in RAS+ order to nested bool regions.

    Args:
        probabilities: Of all three regions.
        regions: Those that were predicted. What enhances counts only where it was.
        rule: What a probability has to reach.
    """
    masks = probabilities > limits_of(probabilities, regions=regions, rule=rule)
    few = probabilities.shape[3] < _ENOUGH_SLICES
    speck = min(rule.speck, _SPECK_IN_FEW_SLICES) if few else rule.speck
    outer = True
    for region in masks:
        region &= outer
        region[:] = without_specks(region, speck)
        outer = region
    return masks


def limits_of(
    probabilities: np.ndarray, *, regions: tuple[str, ...] = REGIONS, rule: DrawingRule = RULE
) -> np.ndarray:
    """What the probability of each region has to exceed: (3, 1, 1, 1), of the same precision.

    Args:
        probabilities: As of :func:`draw_regions`.
        regions: As there.
        rule: As there.
    """
    limits = thresholds(probabilities, rule) if "et" in regions else HALF
    return np.reshape(limits, (3, 1, 1, 1)).astype(probabilities.dtype)


def as_drawn(probabilities: np.ndarray, drawn: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Probabilities above one half where a region was drawn, and nowhere else.

    Read between their voxels and cut at one half, they give the regions on any grid; what the rules
    left out stays left out. Where a limit is not one half the odds are multiplied so that it
    becomes one half, as Saerens et al. 2002 correct for labels' frequencies: of a voxel that lies
    across the border of a region at least half is to be inside, not as little as the limit.

    Args:
        probabilities: (3, x, y, z) of the regions.
        drawn: (3, x, y, z) bool, of :func:`draw_regions`.
        limits: Of :func:`limits_of`.

    Returns:
        (3, x, y, z) float32.
    """
    maps = probabilities.astype(np.float32)
    limits = np.clip(limits.astype(np.float32), _A_LITTLE, 1 - _A_LITTLE)
    maps *= 1 - limits
    maps /= maps + (1 - probabilities.astype(np.float32)) * limits
    # Not one half itself: the mean of equal numbers is rounded.
    half = np.float32(HALF[0])
    np.minimum(maps, half - _A_LITTLE, out=maps, where=~drawn)
    return np.maximum(maps, half + _A_LITTLE, out=maps, where=drawn)


def draw_labels(probabilities: np.ndarray, *, regions: tuple[str, ...] = REGIONS) -> np.ndarray:
    """(3, x, y, z) region probabilities to a (x, y, z) uint8 label map."""
    return regions_to_labels(draw_regions(probabilities, regions=regions))


def thresholds(probabilities: np.ndarray, rule: DrawingRule = RULE) -> tuple[float, float, float]:
    """The probability above which WT, TC and ET are drawn in this scan; nothing is above 1.

    Args:
        probabilities: (3, x, y, z) of the regions, 0 to 1.
        rule: What a probability has to reach.
    """
    if probabilities.shape[3] < _ENOUGH_SLICES:
        return HALF
    whole = probabilities[0] > HALF[0]
    tumour = np.count_nonzero(whole)
    enhancing = np.count_nonzero(whole & (probabilities[2] > HALF[2]))
    least_enhancing = 1.0 if enhancing < rule.nothing_enhances * tumour else HALF[2]
    if enhancing >= rule.hardly_enhancing * tumour:
        return *HALF[:2], least_enhancing
    core = probabilities[1][probabilities[0] > rule.whole]
    return rule.whole, min(_least_of_highest(core, rule.core_share), HALF[1]), least_enhancing


def is_core_estimated(probabilities: np.ndarray, *, regions: tuple[str, ...] = REGIONS) -> bool:
    """Whether the core was drawn by its share of the tumour, since the tumour hardly enhances.

    Args:
        probabilities: (3, x, y, z) of the regions, 0 to 1.
        regions: Those that were answered.
    """
    return "et" in regions and thresholds(probabilities)[1] < HALF[1]


def _least_of_highest(values: np.ndarray, share: float) -> float:
    """The value that this share of (n,) values lies above."""
    rank = len(values) - 1 - int(share * len(values))
    return float(np.partition(values.astype(np.float32), rank)[rank])


def without_specks(mask: np.ndarray, share: float = RULE.speck) -> np.ndarray:
    """A (x, y, z) bool mask without pieces that are small beside its largest one.

    Args:
        mask: Any number of pieces; those that touch at a corner are one.
        share: Of the largest piece, below which a piece is left out.
    """
    from scipy import ndimage  # here: a file that is refused need not wait for it

    where = ndimage.find_objects(mask.astype(np.uint8))
    if not where:
        return mask
    pieces, _ = ndimage.label(mask[where[0]], _TOUCHING)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    kept = np.zeros_like(mask)
    kept[where[0]] = (sizes >= max(share * sizes.max(), 1))[pieces]
    return kept
