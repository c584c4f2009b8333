"""Volumes of every format that people in this field have, and headers that name other files."""

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np

from tests.inference.io.volumes.test_formats import (
    AFFINE,
    FORMATS,
    META,
    NRRD,
    by_itk,
    five_axes,
    four,
)
from tests.zoo.animal import Animal

_LIST = "LIST\nslice1.raw"


def formats() -> list[Animal]:
    """All of them."""
    return [*(_read(name) for name in FORMATS), *_several_images(), *_elsewhere()]


def _read(name: str) -> Animal:
    def make(folder: Path) -> None:
        folder.mkdir()
        FORMATS[name](folder / name)

    return Animal(f"the format {name}", "P1", make)


def _vectors(path: Path) -> None:
    by_itk(path, voxels=four(), vector=True)


def _several_images() -> list[Animal]:
    def channel_first(path: Path) -> None:
        nib.save(nib.Nifti1Image(np.moveaxis(four(), 3, 0), AFFINE), path)

    return [
        Animal("vectors along a fifth axis", "scan.nii.gz", five_axes),
        Animal("images along the first axis", "scan.nii.gz", channel_first),
        Animal("vectors of NRRD", "scan.nrrd", _vectors),
    ]


def _elsewhere() -> list[Animal]:
    out = "names a file in another folder"
    return [
        Animal("a .mhd that names a file of the server", "P1", _mhd("/etc/passwd"), out),
        Animal("a .mhd that leads out", "P1", _mhd("../secret.raw"), out),
        Animal("a .nhdr that leads out", "P1", _nhdr("data file: ../secret.raw"), out),
        Animal("a .mhd of many files", "P1", _mhd(_LIST), "several files"),
        Animal("a .mhd without its numbers", "P1", _mhd("gone.raw"), "give both files"),
    ]


def _mhd(data: str) -> Callable[[Path], None]:
    return _beside_nothing("a_t1.mhd", META.format(size="4 4 4", data=data))


def _nhdr(data: str) -> Callable[[Path], None]:
    return _beside_nothing("a_t1.nhdr", NRRD.format(size="4 4 4", encoding="raw", data=data))


def _beside_nothing(name: str, header: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / name).write_text(header)

    return make
