"""Where a head moved between two images: a rigid alignment by what the images show.

Mutual information needs no brightness in common, so a FLAIR can be laid on a T1c: Mattes et al.,
"PET-CT image registration in the chest using free-form deformations", IEEE Transactions on
Medical Imaging 22(1), 2003, https://doi.org/10.1109/TMI.2003.809072, as SimpleITK has it. Six
numbers are sought, three of a shift and three of a turn; nothing is bent or scaled.

Import it only when something is to be aligned: SimpleITK takes 90 MB.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import SimpleITK as sitk  # noqa: N813 (its own name for itself)
from nibabel.affines import apply_affine, from_matvec

from inference.geometry.native_grid import NativeGrid

# From coarse to fine, each with its first step; a last level at 1 mm would take two to three times
# as long, for 0.1 to 0.4 mm at the farthest point.
_LEVELS_MM: Final = {8.0: 4.0, 4.0: 2.0, 2.0: 1.0}
_COARSEST_MM, _FINEST_MM = max(_LEVELS_MM), min(_LEVELS_MM)
# SimpleITK sees the world in units of a head's radius, about. There a turn by a radian and a shift
# by a unit move tissue about as far, so the length of a step, which is over all six numbers, means
# the same for both; in millimetres a step of 1 could turn the head by 57 degrees, and did.
_UNIT_MM: Final = 100.0
# Smoothing for the gradient needs 4 voxels along each axis, and a match needs more to go by.
_FEWEST_VOXELS: Final = 8
_BINS: Final = 32
_SAMPLES: Final = 100_000
_SEED: Final = 1
_MOST_STEPS: Final = 100
_LEAST_STEP_MM: Final = 0.01
# The edge of a brain reveals most; so much of what surrounds it is looked at too.
_RIM_MM: Final = 6.0
# Images that BraTS has aligned are found to differ by 0.2 to 1.1 mm at their farthest point; of
# coarse voxels, half of one cannot be measured.
_NEGLIGIBLE_MM, _NEGLIGIBLE_VOXELS = 1.5, 0.5
# A head held in a coil moves less; beyond, headers are wrong or the match is.
_MOST_SHIFT_MM, _MOST_TURN_DEGREES = 40.0, 25.0
# In nats. Two modalities of one patient of BraTS share over 0.7, with a skull on one of them 0.4,
# the heads of two patients over 0.3; noise and shapes under 0.03.
_LEAST_INFORMATION: Final = 0.1
_LEAST_GAIN: Final = 1.01
# Below this another start is worth its time.
_POOR_INFORMATION: Final = 0.4


class NotAlignedError(Exception):
    """An alignment that cannot be relied on; its text is why, and stands after a colon."""


@dataclass(frozen=True, eq=False)
class Motion:
    """How the head lies in an image, against how it lies in the reference.

    Args:
        matrix: (4, 4) from a place in the world of the reference to the place in the world of the
            image that shows the same, in mm.
        shift_mm: How far the centre of the reference's tissue moved.
        turn_degrees: By how much it turned, about whichever axis.
        negligible: Whether no tissue moved farther than two aligned images are found to differ.
    """

    matrix: np.ndarray
    shift_mm: float
    turn_degrees: float
    negligible: bool


@dataclass(frozen=True, eq=False)
class Picture:
    """An image as it is compared with others.

    Args:
        itk: Its tissue in voxels of about 2 mm.
        shape: The voxels that it had.
        voxel_mm: The side of a cube of the volume of one of them.
    """

    itk: sitk.Image
    shape: tuple[int, ...]
    voxel_mm: float


def find_motion(
    image: np.ndarray,
    *,
    of: NativeGrid,
    reference: np.ndarray,
    onto: NativeGrid,
    anywhere: bool = False,
) -> Motion:
    """Find the motion after which an image lies on a reference, beginning where headers lay it.

    Where that is refused or the match is poor, a second search begins with the centres of mass on
    each other, and the one with more mutual information is kept. The same images give the same
    motion, to the last bit.

    Args:
        image: (X, Y, Z) in RAS+ order, background 0; not all of one value.
        of: Its grid.
        reference: (X, Y, Z) in RAS+ order, background 0; not all of one value.
        onto: The grid of the reference.
        anywhere: Whether the two worlds have nothing to do with each other, as those of a scan and
            a template: the search then begins with the centres of mass alone.

    Raises:
        NotAlignedError: where an image is too thin, the two do not overlap or hardly predict each
            other, no better place is found, or the motion is larger than a head's.
    """
    return motion_between(picture_of(image, of), picture_of(reference, onto), anywhere=anywhere)


def picture_of(image: np.ndarray, grid: NativeGrid) -> Picture:
    """What an image is compared by: it takes a small part of its memory.

    Args:
        image: As of :func:`find_motion`.
        grid: Its grid.
    """
    voxel_mm = abs(np.linalg.det(grid.affine[:3, :3])) ** (1 / 3)
    return Picture(_picture(image, grid), image.shape, float(voxel_mm))


def motion_between(image: Picture, reference: Picture, *, anywhere: bool = False) -> Motion:
    """As :func:`find_motion`, of images that were made pictures of.

    Args:
        image: As there.
        reference: As there.
        anywhere: As there.

    Raises:
        NotAlignedError: as there.
    """
    _check_thickness(image.shape, reference.shape)
    fixed, moving = reference.itk, image.itk
    points = _tissue_points(_shrunk(fixed, _COARSEST_MM))
    voxel_mm = max(reference.voxel_mm, image.voxel_mm)
    least_mm = max(_NEGLIGIBLE_MM, _NEGLIGIBLE_VOXELS * voxel_mm)
    centres = _centres_of_mass(fixed, moving)
    starts = (centres,) if anywhere else (np.zeros(3), centres)
    refused: list[NotAlignedError] = []
    found: list[tuple[float, Motion]] = []
    for start in starts:
        try:
            found.append(_from(start, fixed, moving, points, least_mm))
        except NotAlignedError as error:
            refused.append(error)
            continue
        if found[-1][0] >= _POOR_INFORMATION:
            break
    if not found:
        raise refused[0]
    # The earlier start is kept unless a later one is clearly better.
    first, *later = found
    return later[0][1] if later and later[0][0] > _LEAST_GAIN * first[0] else first[1]


def _from(
    start_mm: np.ndarray,
    fixed: sitk.Image,
    moving: sitk.Image,
    points: np.ndarray,
    least_mm: float,
) -> tuple[float, Motion]:
    """The mutual information in nats and the motion that are reached from one start.

    Args:
        start_mm: The shift to begin with, beyond where headers lay the two.
        fixed: The reference.
        moving: The image.
        points: (N, 3) places of the reference's tissue in mm.
        least_mm: Motion below which nothing is taken to have moved.

    Raises:
        NotAlignedError: where what is reached is no match.
    """
    motion = sitk.Euler3DTransform()
    motion.SetCenter((points.mean(axis=0) / _UNIT_MM).tolist())
    motion.SetTranslation((start_mm / _UNIT_MM).tolist())
    try:
        before, after = _descend(fixed, moving, motion)
    except RuntimeError as error:  # SimpleITK's only kind; of images that do not overlap, mostly
        raise NotAlignedError("where their headers lay them the two cannot be compared") from error
    found = _motion(motion, points, least_mm)
    from_start_mm = float(np.linalg.norm(np.array(motion.GetTranslation()) * _UNIT_MM - start_mm))
    _check(found, from_start_mm, before, after)
    return after, found


def _centres_of_mass(fixed: sitk.Image, moving: sitk.Image) -> np.ndarray:
    """(3,) from the centre of mass of the reference to that of the image, in mm."""
    here, there = (_centre_of_mass(_shrunk(each, _COARSEST_MM)) for each in (fixed, moving))
    return there - here


def _centre_of_mass(picture: sitk.Image) -> np.ndarray:
    weights = sitk.GetArrayViewFromImage(picture).T
    index = np.argwhere(weights > 0)
    scale = np.reshape(picture.GetDirection(), (3, 3)) * picture.GetSpacing()
    middle = np.average(index, axis=0, weights=weights[weights > 0])
    return (scale @ middle + picture.GetOrigin()) * _UNIT_MM


def _check_thickness(*shapes: tuple[int, ...]) -> None:
    least = min(min(shape) for shape in shapes)
    if least < _FEWEST_VOXELS:
        raise NotAlignedError(
            f"one of them is only {least} voxels thick, and at least {_FEWEST_VOXELS} are needed"
        )


def _picture(image: np.ndarray, grid: NativeGrid) -> sitk.Image:
    """An image as it is compared: tissue from 0.1 to 1 without its outliers, background 0.

    The world is RAS+ here and LPS in ITK's own files; that both images agree is all that counts.
    Its unit is ``_UNIT_MM``.
    """
    tissue = image != 0
    sample = image[tissue][:: max(1, np.count_nonzero(tissue) // _SAMPLES)]
    low, high = map(float, np.percentile(sample, (0.5, 99.5)))
    values = np.array(image.T, order="C")  # as ITK takes it: of another order it makes a copy
    values -= low
    values *= 0.9 / max(high - low, 1e-6)
    np.clip(values, 0, 0.9, out=values)
    values += 0.1
    values[~tissue.T] = 0
    picture = sitk.GetImageFromArray(values)
    del values  # the copy is as large
    affine, spacing = grid.ras_affine, np.array(grid.ras_spacing)
    picture.SetSpacing((spacing / _UNIT_MM).tolist())
    picture.SetOrigin((affine[:3, 3] / _UNIT_MM).tolist())
    picture.SetDirection((affine[:3, :3] / spacing).ravel().tolist())
    return _shrunk(picture, _FINEST_MM)


def _shrunk(picture: sitk.Image, size_mm: float) -> sitk.Image:
    """Means of neighbouring voxels, as many along each axis as make about ``size_mm``."""
    sides = zip(picture.GetSize(), _spacing_mm(picture), strict=True)
    factors = [max(1, min(round(size_mm / mm), count // _FEWEST_VOXELS)) for count, mm in sides]
    return sitk.BinShrink(picture, factors)


def _spacing_mm(picture: sitk.Image) -> list[float]:
    return [size * _UNIT_MM for size in picture.GetSpacing()]


def _tissue_points(picture: sitk.Image) -> np.ndarray:
    """(N, 3) places in mm of the voxels that hold tissue."""
    index = np.argwhere(sitk.GetArrayViewFromImage(picture).T > 0)
    scale = np.reshape(picture.GetDirection(), (3, 3)) * picture.GetSpacing()
    return (index @ scale.T + picture.GetOrigin()) * _UNIT_MM


def _descend(
    fixed: sitk.Image, moving: sitk.Image, motion: sitk.Euler3DTransform
) -> tuple[float, float]:
    """Improve ``motion`` level by level; mutual information in nats at its start and its end."""
    start = sitk.Euler3DTransform(motion)
    for size_mm, step_mm in _LEVELS_MM.items():
        here, there = _shrunk(fixed, size_mm), _shrunk(moving, size_mm)
        method = _method(here, step_mm)
        method.SetInitialTransform(motion, inPlace=True)
        method.Execute(here, there)
    after = -method.GetMetricValue()
    method.SetInitialTransform(start)
    return -method.MetricEvaluate(here, there), after


def _method(fixed: sitk.Image, step_mm: float) -> sitk.ImageRegistrationMethod:
    """One thread and one seed: sums in another order would give other motions."""
    rim = [max(1, round(_RIM_MM / mm)) for mm in _spacing_mm(fixed)]
    mask = sitk.BinaryDilate(sitk.Cast(fixed > 0, sitk.sitkUInt8), rim)
    looked_at = np.count_nonzero(sitk.GetArrayViewFromImage(mask))
    method = sitk.ImageRegistrationMethod()
    method.SetNumberOfThreads(1)
    method.SetNumberOfWorkUnits(1)
    method.SetMetricAsMattesMutualInformation(_BINS)
    method.SetMetricFixedMask(mask)
    method.SetMetricSamplingStrategy(method.REGULAR)
    method.SetMetricSamplingPercentage(min(1.0, _SAMPLES / looked_at), _SEED)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerAsRegularStepGradientDescent(
        step_mm / _UNIT_MM,
        _LEAST_STEP_MM / _UNIT_MM,
        _MOST_STEPS,
        gradientMagnitudeTolerance=1e-6,
    )
    return method


def _motion(found: sitk.Euler3DTransform, points: np.ndarray, least_mm: float) -> Motion:
    centre, shift = (np.array(of) * _UNIT_MM for of in (found.GetCenter(), found.GetTranslation()))
    turn = np.reshape(found.GetMatrix(), (3, 3))
    matrix = from_matvec(turn, centre + shift - turn @ centre)
    cosine = np.clip((np.trace(turn) - 1) / 2, -1, 1)
    return Motion(
        matrix,
        shift_mm=float(np.linalg.norm(shift)),
        turn_degrees=float(np.degrees(np.arccos(cosine))),
        negligible=bool((_lengths(apply_affine(matrix, points) - points) < least_mm).all()),
    )


def _lengths(vectors: np.ndarray) -> np.ndarray:
    return np.linalg.norm(vectors, axis=1)


def _check(found: Motion, from_start_mm: float, before: float, after: float) -> None:
    """Refuse what is no match.

    Args:
        found: The motion.
        from_start_mm: How far the search went from where it began.
        before: Mutual information in nats where headers lay the images.
        after: The same after the motion.
    """
    if after < _LEAST_INFORMATION:
        raise NotAlignedError("what they show has too little in common")
    if from_start_mm > _MOST_SHIFT_MM or found.turn_degrees > _MOST_TURN_DEGREES:
        raise NotAlignedError(
            f"it would be moved by {found.shift_mm:.0f} mm and turned by "
            f"{found.turn_degrees:.0f}°, more than a head moves within one examination"
        )
    if not found.negligible and after < _LEAST_GAIN * before:
        raise NotAlignedError("no place was found where they fit better")
