"""From the sequences of one examination to a case as the networks know it.

Each sequence has a grid of its own and a head that may have moved since the one before. The brain
is found in each, the brains are laid on each other and on the template, and every image is then
read once, through all motions together, onto one grid of 1 mm.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from common.errors import InputError
from common.threads import ThreadPool
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.case import Case
from inference.geometry.boxes import box_of
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import resample
from inference.io.scan_images import ScanImage
from inference.preparation.brain.brain_vote import CombinedMask, combine_masks
from inference.preparation.interpolation import field_of_view, read_once
from inference.preparation.native_space import part_of
from inference.preparation.poses import Pose, measure_poses, pose_on_template, reference_of
from inference.preparation.template import mean_brain, working_grid

# Finds the brain in an image: (X, Y, Z) float32 in RAS+ order and its grid, to (X, Y, Z) bool.
BrainFinder = Callable[[np.ndarray, NativeGrid], np.ndarray]
_HALF = 0.5
_THREADS = 2
# Where most of what was evaluated lies; beyond, a warning goes with the answer.
_MOST_SHIFT_MM = 25.0
_THICKEST_MM = 6.0
_BRAIN_ML = (900.0, 1900.0)
# Four slices of 5 mm through an infant's brain hold more.
_LEAST_BRAIN_ML = 20.0
# An eighth of what a head takes; a slab like this is no image of one.
_FEW_MM = 20.0
# Splines keep what a thin slice shows. Between thick ones they overshoot: of heads in slices of 3
# to 6.5 mm they lost .02 of WT in the mean.
_THIN_MM = 2.0


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class Sequence3D:
    """One sequence of an examination, and how it lies.

    Args:
        name: What to call it: its file, or its series.
        grid: Its own grid, which the answer returns to.
        pose: How the head lies in it, against the reference.
        from_working: (4, 4) from the world of the working grid to that of the sequence, in mm.
    """

    name: str
    grid: NativeGrid
    pose: Pose
    from_working: np.ndarray


@dataclass(frozen=True, eq=False)
class GivenBrain:
    """A brain mask that somebody drew or checked.

    Args:
        mask: (X, Y, Z) bool in RAS+ order, on the grid of one sequence.
        modality: Whose grid it lies on.
    """

    mask: np.ndarray
    modality: str


@dataclass(frozen=True, eq=False)
class Preparation:
    """What was done to an examination, all that is needed to bring the answer back.

    Args:
        case: The images as the networks see them, on the working grid.
        brain: (X, Y, Z) bool on the working grid.
        sequences: By modality.
        on_template: How the head lies in the reference, against the template.
        warnings: What its user should know before an answer is relied on.
        seconds: Time by step: ``mask``, ``align``, ``read``.
    """

    case: Case
    brain: np.ndarray
    sequences: dict[str, Sequence3D]
    on_template: Pose
    warnings: tuple[str, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def brain_ml(self) -> float:
        """Volume of the brain in millilitres."""
        return float(self.brain.sum()) * self.case.voxel_volume_ml

    def report(self) -> dict:
        """What was done, for the JSON of the command line."""
        return {
            "series": {name: each.name for name, each in self.sequences.items()},
            "motion": {name: _pose_report(each.pose) for name, each in self.sequences.items()},
            "template": _pose_report(self.on_template),
            "brain_ml": round(self.brain_ml, 1),
            "seconds": {name: round(value, 2) for name, value in self.seconds.items()},
            "warnings": list(self.warnings),
        }


def prepare_examination(
    images: Sequence[ScanImage],
    *,
    name: str,
    find_brain: BrainFinder,
    given: GivenBrain | None = None,
    progress: Callable[[str], None] | None = None,
) -> Preparation:
    """Align, mask and resample the sequences of one examination.

    Args:
        images: One for each modality, each on a grid of its own.
        name: What the case is called.
        find_brain: Finds the brain in one image.
        given: A brain mask that stands in the place of those found.
        progress: Is called with the name of each step as it begins.

    Raises:
        InputError: where no image holds anything, or no brain is found in any.
    """
    step = progress or (lambda _: None)
    by_modality = {image.modality: image for image in images if image.voxels.any()}
    if not by_modality:
        raise InputError(f"{name} holds no image that is not empty; give one with a head.")
    clock = _Clock()
    step("mask")
    masks = {
        m: given.mask if given and given.modality == m else find_brain(i.voxels, i.grid)
        for m, i in by_modality.items()
    }
    found = {m: mask for m, mask in masks.items() if _is_brain(mask, by_modality[m].grid)}
    if not found:
        raise _no_brain(name, images)
    clock.lap("mask")
    step("align")
    brains = _Brains(by_modality, found)
    poses = measure_poses(brains, {m: by_modality[m].grid for m in found})
    reference = reference_of(brains)
    template = mean_brain()
    on_template = pose_on_template(brains[reference], by_modality[reference].grid, template)
    clock.lap("align")
    step("read")
    sequences = {
        m: Sequence3D(i.name, i.grid, poses[m], poses[m].matrix @ on_template.matrix)
        for m, i in by_modality.items()
        if m in found
    }
    voters = {given.modality: given.mask} if given else found
    combined = vote(voters, sequences, working_grid())
    if not _is_brain(combined.mask, working_grid()):
        raise _no_brain(name, images)
    brain, by_vote = combined.mask, tuple(voters)
    del masks, found, voters, brains  # a quarter of what the images take
    volume = _volume(by_modality, sequences, brain)
    clock.lap("read")
    case = Case(
        name,
        volume,
        tuple(m for m in MODALITIES if m in sequences),
        working_grid(),
    )
    lost = [by_modality[m].name for m in by_modality if m not in sequences]
    warnings = (
        *(f"No brain was found in {each}; it is not used." for each in lost),
        *_on_agreement(by_vote, combined),
        *_warnings(sequences, float(brain.sum()) * case.voxel_volume_ml),
    )
    return Preparation(case, brain, sequences, on_template, warnings, clock.seconds)


def _is_brain(mask: np.ndarray, grid: NativeGrid) -> bool:
    """Whether a mask is as large as what can be seen of a brain at the least."""
    brain_ml = float(np.count_nonzero(mask)) * math.prod(grid.ras_spacing) / 1000
    return brain_ml >= _LEAST_BRAIN_ML


def _no_brain(name: str, images: Sequence[ScanImage]) -> InputError:
    covered = max(map(_thickness_mm, images))
    if covered < _FEW_MM:
        return InputError(
            f"No brain was found in {name}, whose images cover {covered:.0f} mm at the most; give "
            "images of a whole head."
        )
    return InputError(f"No brain was found in {name}; give images of a head.")


def _thickness_mm(image: ScanImage) -> float:
    """How far an image reaches along its shortest side."""
    sides = zip(image.grid.ras_shape, image.grid.ras_spacing, strict=True)
    return min(count * mm for count, mm in sides)


class _Brains(Mapping[str, np.ndarray]):
    """The images without what is no brain, each made when it is asked for: it takes memory."""

    def __init__(self, images: Mapping[str, ScanImage], masks: Mapping[str, np.ndarray]) -> None:
        self._images, self._masks = images, masks

    def __getitem__(self, modality: str) -> np.ndarray:
        return np.where(self._masks[modality], self._images[modality].voxels, 0)

    def __iter__(self) -> Iterator[str]:
        return iter(self._masks)

    def __len__(self) -> int:
        return len(self._masks)


def vote(
    masks: Mapping[str, np.ndarray], sequences: Mapping[str, Sequence3D], grid: NativeGrid
) -> CombinedMask:
    """The brain that at least half of the sequences see, of those that cover a place.

    Args:
        masks: By modality, (X, Y, Z) bool on the grid of its sequence.
        sequences: By modality.
        grid: The grid of the answer.

    Returns:
        The mask on the grid, and how far each of the masks agrees with it, in their order.
    """

    def seen_by(modality: str) -> tuple[np.ndarray, np.ndarray]:
        of, motion = sequences[modality].grid, sequences[modality].from_working
        share = resample(masks[modality].astype(np.float32), of=of, onto=grid, motion=motion)
        return share >= _HALF, field_of_view(of=of, onto=grid, motion=motion)

    with ThreadPool(_THREADS) as pool:
        ballots = list(pool.map(seen_by, masks))
    return combine_masks([mask for mask, _ in ballots], [covered for _, covered in ballots])


def _volume(
    images: Mapping[str, ScanImage], sequences: Mapping[str, Sequence3D], brain: np.ndarray
) -> np.ndarray:
    """(4, X, Y, Z) float32 on the working grid: the brain alone, background exactly 0."""
    volume = np.zeros((len(MODALITIES), *brain.shape), np.float32)
    box = box_of(brain)
    if box is None:
        return volume
    inside, grid = brain[box], part_of(working_grid(), box)

    def read(modality: str) -> None:
        way = {"of": sequences[modality].grid, "onto": grid}
        motion = sequences[modality].from_working
        seen = inside & field_of_view(**way, motion=motion)
        thin = max(sequences[modality].grid.ras_spacing) <= _THIN_MM
        voxels = read_once(images[modality].voxels, **way, motion=motion, sharply=thin)
        # Tissue is what is not exactly 0, for everything after this.
        voxels[voxels == 0] = np.finfo(np.float32).tiny
        np.multiply(voxels, seen, out=volume[(MODALITIES.index(modality), *box)])

    with ThreadPool(_THREADS) as pool:
        list(pool.map(read, sequences))
    return volume


def _on_agreement(voters: Sequence[str], combined: CombinedMask) -> Iterator[str]:
    for index in combined.doubtful:
        yield (
            f"The brain found in {MODALITY_NAMES[voters[index]]} agrees less with that of the "
            f"other images (Dice {combined.agreement[index]:.2f}) than in the heads that were "
            "evaluated; check the mask, or give one (--brain-mask)."
        )


def _warnings(sequences: Mapping[str, Sequence3D], brain_ml: float) -> tuple[str, ...]:
    warnings = []
    for modality, sequence in sequences.items():
        shown, pose = MODALITY_NAMES[modality], sequence.pose
        if pose.problem:
            warnings.append(
                f"{shown} could not be aligned: {pose.problem}. It lies where its header places "
                "it; check it by eye."
            )
        elif pose.shift_mm > _MOST_SHIFT_MM:
            warnings.append(
                f"{shown} was moved by {pose.shift_mm:.0f} mm, more than in the scans that were "
                "evaluated; check the alignment by eye."
            )
        thick = max(sequence.grid.spacing)
        if round(thick, 2) > _THICKEST_MM:
            warnings.append(
                f"{shown} has slices of {thick:.3g} mm, thicker than those that were evaluated."
            )
    least, most = _BRAIN_ML
    if not least <= brain_ml <= most:
        warnings.append(
            f"The brain mask holds {brain_ml:.0f} ml, where a grown-up's brain has {least:.0f} to "
            f"{most:.0f} ml; check the mask, or give one."
        )
    return tuple(warnings)


def _pose_report(pose: Pose) -> dict:
    return {
        "shift_mm": round(pose.shift_mm, 2),
        "turn_degrees": round(pose.turn_degrees, 2),
        "problem": pose.problem,
    }


class _Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Note the time since the last lap under a name."""
        now = time.perf_counter()
        self.seconds[name], self._last = now - self._last, now
