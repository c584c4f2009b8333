"""How much there is of a region, and how far that is from the truth."""

import numpy as np

from common.labels import region_mask
from common.vocabulary import REGIONS


def region_volumes(labels: np.ndarray, voxel_volume_ml: float) -> dict[str, float]:
    """Volume of WT, TC and ET in ml of an (X, Y, Z) label map with voxels of this volume in ml."""
    return {
        region: sum(int(np.count_nonzero(region_mask(part, region))) for part in labels)
        * voxel_volume_ml
        for region in REGIONS
    }


def volume_error(
    volumes: dict[str, float], true_volumes: dict[str, float]
) -> tuple[dict[str, float], dict[str, float | None]]:
    """Drawn minus true volume of every region, in millilitres and in percent of the true one.

    The percentage is None where the truth holds nothing of the region.
    """
    errors = {region: volumes[region] - true for region, true in true_volumes.items()}
    percent = {
        region: 100.0 * errors[region] / true if true else None
        for region, true in true_volumes.items()
    }
    return errors, percent
