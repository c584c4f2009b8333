"""NIfTI files as the series of an examination: what dcm2niix wrote beside them, or their names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from common.errors import InputError
from inference.dicom.file_headers.facts import SeriesFacts
from inference.io.names.file_names import TRUTH, is_nifti_name
from inference.io.names.names_of_case import kinds_of
from inference.io.names.wording import shown
from inference.io.volumes.checked_file import check_file
from inference.io.volumes.voxels import native_grid
from inference.naming.contrast import Contrast
from inference.naming.words import name_terms
from inference.study.series.roles import classify
from inference.study.series.sidecar import (
    LARGEST_BYTES,
    exam_of_sidecar,
    facts_of_name,
    facts_of_sidecar,
    refusal_of_sidecar,
)
from inference.study.series.weighting import Certainty


@dataclass(frozen=True)
class NiftiSeries:
    """One NIfTI file, its voxels not read.

    Args:
        path: The file.
        facts: How it was acquired, as its sidecar says, else as its name does.
        refusal: The sentence why it is no volume of MR, or None.
    """

    path: Path
    facts: SeriesFacts
    refusal: str | None = None


@dataclass(frozen=True)
class NiftiStudy:
    """The NIfTI files of one examination.

    Args:
        name: What the case is called: its folder or zip.
        series: In the order of their numbers, then their names.
        truth: The file of an expert's label map, where one is called so.
    """

    name: str
    series: tuple[NiftiSeries, ...]
    truth: Path | None = None


def sidecar_of(path: Path) -> Path | None:
    """The JSON beside a NIfTI file, where there is one."""
    if not is_nifti_name(path.name):
        return None
    stem = path.name[: path.name.lower().rindex(".nii")]
    beside = path.with_name(f"{stem}.json")
    return beside if beside.is_file() else None


def find_nifti_study(files: Sequence[Path], *, name: str) -> NiftiStudy:
    """What the sidecars, names and headers of NIfTI files say; no voxel is read.

    Args:
        files: Those of one examination; what is no NIfTI is passed over.
        name: What the case is called.

    Raises:
        InputError: where a sidecar is damaged, they are of several exams, or no file is NIfTI.
    """
    images = [file for file in files if is_nifti_name(file.name)]
    kinds = zip(images, kinds_of([file.name for file in images]), strict=True)
    truths = [file for file, kind in kinds if kind == TRUTH and not sidecar_of(file)]
    if len(truths) > 1:
        raise InputError(f"{name} has two label maps, such as {shown(truths[1])}; give one.")
    series = [_series(file) for file in images if file not in truths]
    if not series:
        raise InputError(f"{name} holds no NIfTI file of a scan; give at least one.")
    _check_one_exam(images, name)
    ordered = sorted(series, key=lambda each: (_number(each.facts), each.path.name))
    return NiftiStudy(name, tuple(ordered), truths[0] if truths else None)


def _number(facts: SeriesFacts) -> float:
    return float("inf") if facts.number is None else facts.number


def _series(path: Path) -> NiftiSeries:
    sidecar = sidecar_of(path)
    text = _read(sidecar) if sidecar else None
    facts = facts_of_name(path.name) if text is None else facts_of_sidecar(text, path.name)
    refusal = refusal_of_sidecar(text, path.name) if text else None
    try:
        file = check_file(path)
    except InputError as error:
        return NiftiSeries(path, facts, refusal or str(error))
    if file.volumes > 1:
        several = f"{shown(path)} holds {file.volumes} volumes; a sequence has one."
        return NiftiSeries(path, facts, refusal or several)
    grid = native_grid(file).of_file
    return NiftiSeries(path, replace(facts, shape=grid.shape, spacing_mm=grid.spacing), refusal)


def _read(sidecar: Path) -> bytes:
    with sidecar.open("rb") as stream:
        return stream.read(LARGEST_BYTES + 1)


def _check_one_exam(images: Sequence[Path], name: str) -> None:
    texts = [(_read(sidecar), file) for file in images if (sidecar := sidecar_of(file))]
    exams = {exam for text, file in texts if (exam := exam_of_sidecar(text, file.name))}
    if len(exams) > 1:
        raise InputError(f"{name} holds NIfTI files of {len(exams)} exams; give those of one.")


def facts_to_judge(series: NiftiSeries) -> SeriesFacts:
    """Its facts, to whose description the file's name is added where they leave it open.

    dcm2niix names a file after its protocol, people after what it is.
    """
    facts = series.facts
    role = classify(facts)
    named = facts_of_name(series.path.name).description
    silent = role.modality in ("t1", "t1c") and role.contrast == Contrast.SILENT
    if named == facts.description or not (role.certainty == Certainty.UNCLEAR or silent):
        return facts
    if silent and name_terms(named).contrast not in (Contrast.BEFORE, Contrast.AFTER):
        return facts
    return replace(facts, description=f"{named} {facts.description}")
