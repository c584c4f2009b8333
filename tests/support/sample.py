"""The sample case of the repository with fewer slices."""

from pathlib import Path

import nibabel as nib

from tests.support.repository import ROOT

SAMPLE = ROOT / "assets" / "sample" / "synthetic_glioma"


def write_some_slices(folder: Path, *, every: int) -> Path:
    """Write the sample with one slice in so many, each as it is, into a folder of its name.

    The networks that read single slices answer each of them as they would among all.
    """
    place = folder / SAMPLE.name
    place.mkdir(parents=True)
    for file in SAMPLE.glob("*.nii.gz"):
        nib.save(nib.load(file).slicer[:, :, ::every], place / file.name)
    return place
