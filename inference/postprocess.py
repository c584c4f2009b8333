"""From region probabilities to the regions that are drawn: how much is asked for, and no specks.

The constants were chosen on patients that the networks in question had not been trained on, none
of them of the test split. ``python -m training ablate`` scores such patients with and without them.
"""

import numpy as np
from scipy import ndimage

from inference.labels import regions_to_labels
from inference.vocabulary import REGIONS

_THRESHOLDS = (0.5, 0.5, 0.5)

# Most tumours the networks learned from enhance. In one that hardly does they take core for oedema
# and faint oedema for brain, with probabilities that are low yet in the right places: the shift of
# the labels' frequencies that Saerens et al. 2002 correct for. So less probability is asked for.
_HARDLY_ENHANCING = 0.08
_THRESHOLDS_HARDLY_ENHANCING = (0.2, 0.1, 0.5)

# The share that enhances is one of the whole tumour; a slice or two do not show it.
_ENOUGH_SLICES = 20

# Pieces of less than this share of the largest one are specks more often than tumour.
_SPECK = 0.03

_TOUCHING = np.ones((3, 3, 3), bool)


def draw_regions(probabilities: np.ndarray, *, regions: tuple[str, ...] = REGIONS) -> np.ndarray:
    """(3, x, y, z) region probabilities of a scan in RAS+ order to nested bool regions.

    Args:
        probabilities: Of all three regions.
        regions: Those that were asked for. What enhances says something only where it was.
    """
    limits = thresholds(probabilities) if "et" in regions else _THRESHOLDS
    drawn = probabilities > np.reshape(limits, (3, 1, 1, 1))
    outer = True
    for region in drawn:
        region &= outer
        region[:] = without_specks(region)
        outer = region
    return drawn


def draw_labels(probabilities: np.ndarray, *, regions: tuple[str, ...] = REGIONS) -> np.ndarray:
    """(3, x, y, z) region probabilities to a (x, y, z) uint8 label map."""
    return regions_to_labels(draw_regions(probabilities, regions=regions))


def thresholds(probabilities: np.ndarray) -> tuple[float, float, float]:
    """The probability above which WT, TC and ET are drawn in this scan."""
    if probabilities.shape[3] < _ENOUGH_SLICES:
        return _THRESHOLDS
    whole = probabilities[0] > _THRESHOLDS[0]
    enhancing = np.count_nonzero(whole & (probabilities[2] > _THRESHOLDS[2]))
    hardly = enhancing < _HARDLY_ENHANCING * np.count_nonzero(whole)
    return _THRESHOLDS_HARDLY_ENHANCING if hardly else _THRESHOLDS


def without_specks(mask: np.ndarray) -> np.ndarray:
    """A (x, y, z) bool mask without pieces that are small beside its largest one.

    Args:
        mask: Any number of pieces; those that touch at a corner are one.
    """
    where = ndimage.find_objects(mask.astype(np.uint8))
    if not where:
        return mask
    pieces, _ = ndimage.label(mask[where[0]], _TOUCHING)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    kept = np.zeros_like(mask)
    kept[where[0]] = (sizes >= max(_SPECK * sizes.max(), 1))[pieces]
    return kept
