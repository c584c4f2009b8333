"""Files that the pages must still look right with, made from the synthetic sample."""

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
from nibabel.processing import resample_to_output
from PIL import Image

from tests.support.repository import ROOT

SAMPLE = ROOT / "assets" / "sample" / "synthetic_glioma"
LONG = "MUSTERMANN-Maximilian_19520301_St.-Elisabeth-Krankenhaus_AX_{}_3D_1mm_isotropic_v2"


def thick(folder: Path) -> list[Path]:
    """Thirty slices of 5 mm, under the names of a careful archive."""
    return _resampled(folder, slice_mm=154 / 29, order=1, name=LONG)


def small_thick(folder: Path) -> list[Path]:
    """As many slices under the same names, of few pixels, which are segmented soon."""
    return _resampled(folder, slice_mm=154 / 29, order=1, name=LONG, every=4)


def thin(folder: Path) -> list[Path]:
    """Three hundred slices of half a millimetre."""
    return _resampled(folder, slice_mm=154 / 299, order=1, name="thin_{}")


def small_thin(folder: Path) -> list[Path]:
    """The same of a head as small as a doll's, which is read in a moment."""
    return _resampled(folder, slice_mm=154 / 299, order=1, name="thin_{}", every=4)


def refused(folder: Path) -> list[Path]:
    """A usable image among what people drop by mistake."""
    wrong = {
        "letter of referral.pdf": b"%PDF-1.7 " + bytes(2000),
        "renamed_flair.nii.gz": b"not a scan at all " * 50,
        "empty_t2.nii": b"",
    }
    for name, content in wrong.items():
        (folder / name).write_bytes(content)
    _cat().save(folder / f"{LONG.format('T1')}_cat.jpg")
    t1 = folder / f"{LONG.format('T1ce')}.nii.gz"
    t1.write_bytes(_of("t1ce").read_bytes())
    return [*(folder / name for name in wrong), folder / f"{LONG.format('T1')}_cat.jpg", t1]


def other_grids(folder: Path) -> list[Path]:
    """Two images of one head on different grids."""
    flair = resample_to_output(nib.load(_of("flair")), (2, 2, 3), order=1)
    nib.save(flair, folder / "routine_flair.nii.gz")
    (folder / "planning_t1ce.nii.gz").write_bytes(_of("t1ce").read_bytes())
    return sorted(folder.glob("*.nii.gz"))


HARD_FILES: dict[str, Callable[[Path], list[Path]]] = {
    "thick": thick,
    "thin": thin,
    "refused": refused,
    "other-grids": other_grids,
}


def _of(ending: str) -> Path:
    [file] = SAMPLE.glob(f"*[_-]{ending}.nii.gz")
    return file


def _resampled(
    folder: Path, *, slice_mm: float, order: int, name: str, every: int = 1
) -> list[Path]:
    files = []
    for ending in ("t1", "t1ce", "t2", "flair", "seg"):
        image = nib.load(_of(ending))
        if every > 1:  # of the pixels, which are called as large as before
            voxels = np.asarray(image.dataobj)[::every, ::every]
            image = nib.Nifti1Image(voxels, image.affine)
        nearest = ending == "seg"
        made = resample_to_output(image, (1, 1, slice_mm), order=0 if nearest else order)
        kind = np.uint8 if nearest else np.int16
        files.append(folder / f"{name.format(ending)}.nii.gz")
        nib.save(nib.Nifti1Image(np.asarray(made.dataobj).astype(kind), made.affine), files[-1])
    return files


def _cat() -> Image.Image:
    y, x = np.mgrid[:300, :400]
    fur = ((y - 150) ** 2 / 90**2 + (x - 200) ** 2 / 120**2 < 1)[..., None]
    grass = np.stack([90 + x // 8, 150 + y // 6, 70 + 0 * x], -1)
    return Image.fromarray(np.where(fur, (190, 120, 60), grass).astype(np.uint8))
