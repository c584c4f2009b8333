"""Changed copies of a patient, beside the original; which changes is drawn for each copy."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from common.axes import triple
from inference.case import Case
from inference.network.preprocess import Box, brain_box
from training.data.slices import Looks, as_it_is
from training.data.volume.carvemix import Donors, carved_in
from training.data.volume.intensities import biased, other_histogram
from training.data.volume.mask_errors import RIM_MM, bite_taken, rim_left
from training.data.volume.misalign import misaligned
from training.data.volume.thick_slices import THICKNESS_MM, thick_slices
from training.data.volume.weak_enhancement import LEFT, weakly_enhancing
from training.volume_config import VolumeConfig


def nobody(case: Case, random: np.random.Generator) -> None:
    """No donor: nothing is carved."""


def looks_of(config: VolumeConfig, *, seed: int, donors: Donors = nobody) -> Looks:
    """What shows a patient as it is and in changed copies.

    Args:
        config: How many copies, how they are changed, and how often they are drawn.
        seed: The copies of a patient depend on it, on the patient's name and on the configuration.
        donors: Whose lesions are carved.
    """
    if not config.copies:
        return as_it_is

    def looks(case: Case) -> Iterator[tuple[float, Case]]:
        yield 1 - config.share, case
        for number in range(config.copies):
            yield config.share / config.copies, changed_copy(case, config, (seed, number), donors)

    return looks


def changed_copy(
    case: Case, config: VolumeConfig, which: tuple[int, int], donors: Donors = nobody
) -> Case:
    """One changed copy of a case, the same whenever it is asked for.

    Args:
        case: With its truth.
        config: How likely each change is.
        which: Seed and number of the copy.
        donors: Whose lesions are carved.

    Returns:
        A case of another name: what is kept by the name of a case is not that of its copy.
    """
    drawn_by = (case.name, config, which, *_later_chances(config))
    key = zlib.crc32(repr(drawn_by).encode())
    place = _around_the_brain(case)
    inside = (slice(None), *place)
    volume, truth = _perhaps_carved(case, config, donors, np.random.default_rng((key, 1)))
    spacing = np.array(case.spacing)
    volume[inside] = _perhaps_weaker(
        volume[inside], truth[place], spacing, config, np.random.default_rng((key, 2))
    )
    volume[inside], truth[place] = _changed(
        volume[inside], truth[place], spacing, config, np.random.default_rng(key)
    )
    return replace(case, name=f"{case.name}_changed_{key:08x}", volume=volume, truth=truth)


def _perhaps_carved(
    case: Case, config: VolumeConfig, donors: Donors, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    if random.random() < config.carvemix and (donor := donors(case, random)):
        return carved_in(case, donor, random)
    return case.volume.copy(), case.truth.copy()


def _perhaps_weaker(
    volume: np.ndarray,
    truth: np.ndarray,
    spacing: np.ndarray,
    config: VolumeConfig,
    random: np.random.Generator,
) -> np.ndarray:
    if random.random() < config.weak_enhancement:
        return weakly_enhancing(volume, truth, spacing, random.uniform(*LEFT))
    return volume


def _later_chances(config: VolumeConfig) -> list[tuple[str, float]]:
    """What the text of a configuration leaves out: copies without it stay what they were."""
    chances = {"carvemix": config.carvemix, "weak_enhancement": config.weak_enhancement}
    return [(name, chance) for name, chance in chances.items() if chance]


def _around_the_brain(case: Case) -> Box:
    """A box that holds the brain and whatever a change may add around it."""
    sides = zip(brain_box(case.volume), case.spacing, strict=True)
    margins = [(side, round(RIM_MM[1] / step) + 1) for side, step in sides]
    return triple(
        slice(max(0, side.start - margin), side.stop + margin) for side, margin in margins
    )


def _changed(
    volume: np.ndarray,
    truth: np.ndarray,
    spacing: np.ndarray,
    config: VolumeConfig,
    random: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    # Whether a change is made is drawn first, so that one change does not decide on the next.
    chosen = dict(zip(_CHANGES, random.random(len(_CHANGES)), strict=True))
    if chosen["misalign"] < config.misalign:
        volume = misaligned(volume, spacing, random)
    if chosen["bias_field"] < config.bias_field:
        volume = _each(volume, lambda image: biased(image, random))
    if chosen["histogram"] < config.histogram:
        volume = _each(volume, lambda image: other_histogram(image, random))
    if chosen["thick_slices"] < config.thick_slices:
        volume = _in_thick_slices(volume, spacing, random)
    if chosen["mask_errors"] < config.mask_errors:
        return _with_mask_error(volume, truth, spacing, random)
    return volume, truth


_CHANGES = ("misalign", "bias_field", "histogram", "thick_slices", "mask_errors")


def _each(volume: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    return np.stack([change(image) for image in volume])


def _in_thick_slices(
    volume: np.ndarray, spacing: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """One thickness for all modalities; where the first slice begins is each one's own."""
    thickness = random.uniform(*THICKNESS_MM)
    return _each(
        volume,
        lambda image: thick_slices(
            image, thickness_mm=thickness, spacing_mm=spacing[2], start=random.random()
        ),
    )


def _with_mask_error(
    volume: np.ndarray, truth: np.ndarray, spacing: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    if random.random() < 0.5:
        return rim_left(volume, spacing, random), truth
    return bite_taken(volume, truth, spacing, random)
