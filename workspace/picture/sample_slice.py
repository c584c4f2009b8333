"""A slice of the synthetic sample as pictures, read back as a visitor's pictures are."""

import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import to_slices
from workspace import open_case
from workspace.open_case import OpenCase, open_files

_NAME: Final = "synthetic_slice"
_BRIGHTEST_PERCENTILE: Final = 99.8


def open_sample_slice() -> OpenCase:
    """Open the slice of the synthetic sample with the most tumour, as four PNG and a truth."""
    with open_cases([open_case.SAMPLE_FOLDER]) as (files,):
        case = read_case(files)
    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        write_slice(case, largest_true_slice(case), Path(folder))
        with open_cases(sorted(Path(folder).iterdir())) as (files,):
            return open_files(files, synthetic=True)


def largest_true_slice(case: Case) -> int:
    """The axial slice in which the truth has most tumour."""
    return int(np.argmax(np.count_nonzero(case.truth, axis=(0, 1))))


def write_slice(case: Case, index: int, folder: Path) -> None:
    """Write ``NAME_MODALITY.png`` in 8 bits, and ``NAME_seg.png`` with the truth's numbers."""
    for modality, image in zip(MODALITIES, case.volume, strict=True):
        greys = _greys(to_slices(image[None, ..., index : index + 1])[0, 0])
        Image.fromarray(greys).save(folder / f"{_NAME}_{modality}.png")
    truth = to_slices(case.truth[None, ..., index : index + 1])[0, 0]
    Image.fromarray(truth).save(folder / f"{_NAME}_seg.png")


def _greys(image: np.ndarray) -> np.ndarray:
    """(H, W) uint8; background is 0 and tissue is not."""
    tissue = image != 0
    low, high = image[tissue].min(), np.percentile(image[tissue], _BRIGHTEST_PERCENTILE)
    greys = 1 + 254 * np.clip((image - low) / max(float(high - low), 1e-6), 0, 1)
    return np.where(tissue, np.rint(greys), 0).astype(np.uint8)
