"""Where the voxels of a NIfTI file lie: which of its two forms holds, and in which unit.

A header may hold a sform, a qform, both, or a form of zeros that some writers leave behind. Both
mean millimetres unless its units say metres or micrometres, which few readers convert.
"""

from typing import Final

import nibabel as nib
import numpy as np

# Outside these a header is in another unit than its numbers are read in.
SPACING_MM: Final = (0.05, 50.0)
_IN_MM: Final = {1: ("metres", 1000.0), 3: ("micrometres", 0.001)}
_SPATIAL: Final = 0b111


def world_affine(header: nib.Nifti1Header) -> np.ndarray:
    """(4, 4) voxel to world in mm.

    Raises:
        HeaderDataError: where the rotation of the form that holds is damaged.
        ValueError: likewise.
    """
    affine = _form(header)
    unit = _IN_MM.get(int(header["xyzt_units"]) & _SPATIAL)
    if unit is None or _usable(affine):
        return affine
    _, factor = unit
    converted = affine.copy()
    converted[:3] *= factor
    return converted if _usable(converted) else affine


def notes_on_world(header: nib.Nifti1Header, *, name: str) -> tuple[str, ...]:
    """What its user should know of where a file says it lies.

    Args:
        header: Its header, checked.
        name: What to call the file.
    """
    notes = []
    form = _form(header)
    if not np.array_equal(world_affine(header), form):
        unit, _ = _IN_MM[int(header["xyzt_units"]) & _SPATIAL]
        notes.append(f"{name} gives its voxels in {unit}; they were converted to millimetres.")
    if header["sform_code"] > 0 and header["qform_code"] > 0:
        notes += _on_two_forms(header, name)
    return tuple(notes)


def _form(header: nib.Nifti1Header) -> np.ndarray:
    """The sform, unless it puts all voxels on one plane and a qform does not."""
    best = header.get_best_affine()
    if header["sform_code"] > 0 and header["qform_code"] > 0 and _is_flat(best):
        return header.get_qform()
    return best


def _on_two_forms(header: nib.Nifti1Header, name: str) -> list[str]:
    sform = header.get_sform()
    if _is_flat(sform):
        return [f"{name} has a sform that puts every voxel in one place; its qform was taken."]
    try:
        qform = header.get_qform()
    except (nib.spatialimages.HeaderDataError, ValueError):
        return []
    if _is_flat(qform) or not np.isfinite(qform).all():
        return []
    one, other = (nib.aff2axcodes(form) for form in (sform, qform))
    if one == other:
        return []
    sides = [next((code for code in codes if code in ("L", "R")), "") for codes in (one, other)]
    same_axis = [code in "LR" for code in one] == [code in "LR" for code in other]
    what = "which side is left" if same_axis and sides[0] != sides[1] else "how its axes lie"
    return [
        f"The two forms in the header of {name}, sform and qform, disagree on {what}; the sform "
        "was taken. Check the side before you rely on it."
    ]


def _usable(affine: np.ndarray) -> bool:
    least, most = SPACING_MM
    spacing = nib.affines.voxel_sizes(affine)
    return bool(((spacing >= least) & (spacing <= most)).all())


def _is_flat(affine: np.ndarray) -> bool:
    return bool(np.isfinite(affine).all() and np.linalg.det(affine[:3, :3]) == 0)
