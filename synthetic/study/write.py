"""The study as files, as an archive exports it: nested, unnamed, more than is wanted."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset

from synthetic.skull import Head, make_head
from synthetic.study.classic import classic_files
from synthetic.study.enhanced import enhanced_file
from synthetic.study.exam import Series, examine
from synthetic.study.header import Study, add_meta
from synthetic.study.identity import uid
from synthetic.study.loose import write_loose, write_truth
from synthetic.study.protocol import ANATOMY
from synthetic.study.report import report_file

VARIANTS: Final = ("plain", "missing-slice", "enhanced", "latin1", "japanese", "nifti")
MISSING: Final = ("flair", 12)  # which slice the variant lacks, counted from 0
_TWICE: Final = ("t2", (4, 9))  # sent twice as they are
_SENT_AGAIN: Final = ("flair", (6,))  # sent again under another SOPInstanceUID


def write_study(
    folder: Path | str, *, variant: str = "plain", seed: int = 0, head: Head | None = None
) -> list[Path]:
    """Write a study, and its truth beside it in a folder of the same name with ``-truth``.

    Args:
        folder: Made if it is missing.
        variant: One of ``VARIANTS``.
        seed: The same seed and variant give the same bytes.
        head: Who is examined; drawn from the seed unless given.

    Returns:
        The files, those of the truth last.

    Raises:
        KeyError: for another variant.
    """
    head = head or make_head(seed=seed)
    folder = Path(folder)
    files = write_exam(examine(head, seed=seed), folder, variant=variant)
    return files + write_truth(head, folder.with_name(f"{folder.name}-truth"))


def write_exam(exam: dict[str, Series], folder: Path, *, variant: str = "plain") -> list[Path]:
    """Write an exam without its truth, the same bytes for the same exam.

    Raises:
        KeyError: for another variant.
    """
    if variant not in VARIANTS:
        raise KeyError(f"variant {variant!r} is not known; choose one of {', '.join(VARIANTS)}")
    folder.mkdir(parents=True, exist_ok=True)
    if variant == "nifti":
        return write_loose(exam, folder)
    return [_save(data, folder / place) for place, data in _archive(exam, variant)]


def _archive(exam: dict[str, Series], variant: str) -> Iterator[tuple[str, Dataset]]:
    """Every dataset and the place it is filed under."""
    study = Study.of(exam, variant)
    whole = [sequence.key for sequence in ANATOMY] if variant == "enhanced" else []
    for key, series in exam.items():
        if key in whole:
            datasets = [enhanced_file(study, series)]
        else:
            datasets = _with_repeats(key, list(classic_files(study, series)))
        if variant == "missing-slice" and key == MISSING[0]:
            del datasets[MISSING[1]]
        for number, data in enumerate(datasets, start=1):
            yield f"PA000000/ST000000/SE{series.sequence.number:06d}/IM{number:06d}", data
    yield "PA000000/ST000000/SE000099/SR000001", report_file(study)


def _with_repeats(key: str, datasets: list[Dataset]) -> list[Dataset]:
    repeats = []
    if key == _TWICE[0]:
        repeats += [datasets[number] for number in _TWICE[1]]
    if key == _SENT_AGAIN[0]:
        repeats += [_renamed(datasets[number]) for number in _SENT_AGAIN[1]]
    return datasets + repeats


def _renamed(data: Dataset) -> Dataset:
    other = copy.deepcopy(data)
    other.SOPInstanceUID = uid(data.SOPInstanceUID, "sent again")
    return add_meta(other)


def _save(data: Dataset, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data.save_as(path, enforce_file_format=True)
    return path
