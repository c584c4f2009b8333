"""CarveMix: a lesion of one patient, with as much around it as is drawn, in another's brain.

Source: Zhang et al. 2023, CarveMix: A Simple Data Augmentation Method for Brain Lesion
Segmentation. What is carved is where the signed distance to the lesion's surface is below a
threshold: as often within half the lesion's depth inside as within all of it outside. As there for
scans of several scanners, intensities are brought to the other's first; here by mean and deviation
of the tissue that is healthy in both, since a lesion would move those of the whole brain.
"""

from collections.abc import Callable, Sequence

import numpy as np

from inference.case import Case
from training.data.volume.tissue import as_tissue, matched

# From a case to one that may be carved for it, if there is any.
Donors = Callable[[Case, np.random.Generator], Case | None]


def donors_among(groups: Sequence[Sequence[str]], read: Callable[[str], Case]) -> Donors:
    """Who is carved for whom: another patient of the same group, on the same grid.

    Args:
        groups: Names of patients. In cross-validation each fold is one, so that nothing of those
            who are scored stands in the brain of one who is learned from.
        read: Reads one.

    Returns:
        What draws one and reads it: the first in a random order whose grid, modalities and regions
        of the truth are those of the case; None where there is none.
    """
    group_of = {name: group for group in groups for name in group}

    def donor(case: Case, random: np.random.Generator) -> Case | None:
        others = [name for name in group_of.get(case.name, ()) if name != case.name]
        for name in random.permutation(others):
            other = read(str(name))
            if _alike(other, case) and other.truth.any():
                return other
        return None

    return donor


def carved_in(case: Case, donor: Case, random: np.random.Generator) -> tuple[np.ndarray, ...]:
    """The volume and the truth of a case with the lesion of another one in it.

    Args:
        case: Whose brain it is. What it has of lesions elsewhere, it keeps.
        donor: Whose lesion it is, on the same grid.
        random: Source of all randomness.

    Returns:
        Copies of both, (C, X, Y, Z) and (X, Y, Z). Nothing is changed but voxels that are brain in
        both.
    """
    brains = [(each.volume != 0).any(axis=0) for each in (case, donor)]
    carved = carved_region(donor.truth > 0, np.array(case.spacing), random) & brains[0] & brains[1]
    healthy = (case.truth == 0) & (donor.truth == 0)
    volume = case.volume.copy()
    for image, other in zip(volume, donor.volume, strict=True):
        there = healthy & (image != 0) & (other != 0)
        if there.any():
            image[carved] = as_tissue(matched(other[carved], other[there], image[there]))
    return volume, np.where(carved, donor.truth, case.truth)


def carved_region(
    lesion: np.ndarray, spacing: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """(X, Y, Z) bool: a lesion, or its inner part, or more around it.

    Args:
        lesion: (X, Y, Z) bool, with at least one voxel.
        spacing: (3,) voxel size in mm.
        random: Source of all randomness.
    """
    from scipy import ndimage

    inside = ndimage.distance_transform_edt(lesion, sampling=spacing)
    outside = ndimage.distance_transform_edt(~lesion, sampling=spacing)
    depth = inside.max()
    inwards = random.random() < 0.5
    threshold = random.uniform(-depth / 2, 0) if inwards else random.uniform(0, depth)
    return outside - inside <= threshold


def _alike(one: Case, other: Case) -> bool:
    facts = [(c.shape, c.spacing, c.present, c.truth_regions) for c in (one, other)]
    return facts[0] == facts[1]
