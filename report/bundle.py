"""Every file of an export, one after the other, and one zip of all."""

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL.Image import Image

from common.vocabulary import REGIONS
from inference.case import Case
from inference.io.export import (
    write_label_picture,
    write_labels,
    write_probability,
    write_probability_picture,
    write_whole,
    write_zipped_label_pictures,
    write_zipped_probability_pictures,
)
from inference.preparation.native_answer import labels_of_file
from report.drawing.layers import layers
from report.drawing.pictures import View, comparison, write_png
from report.pdf import write_pdf
from report.record import Finding, Record, file_stem
from report.tables import to_csv, to_json

ABOUT: Final = """GlioLens export of {case}

NOT A MEDICAL DEVICE. For research and teaching, never for diagnosis.

labels/         one label map a model: 0 background, 1 necrotic core, 2 oedema,
                3 enhancing tumour. {labels}
probabilities/  one file a model and region (wt whole tumour, tc tumour core, et enhancing
                tumour): {probabilities}
{objects}*_report.pdf    the report
*_view.png      the picture chosen on the Report page
*_numbers.csv   one row a model and region; *_numbers.json holds the same and more
"""
_OF_VOLUMES: Final = {
    "labels": """On the grid of the files that were opened: same shape,
                affine, orientation codes and units.""",
    "probabilities": "float32, 0 to 1, on the same grid.",
}
_OF_LARGE: Final = _OF_VOLUMES | {
    "probabilities": """float32, 0 to 1, on the larger voxels that the
                models worked on."""
}
_OF_OBJECTS: Final = """\
dicom/          DICOM objects: segmentations (*_seg, *_regions), contours (*_rtstruct),
                measurements (*_sr) and the report, on the images of one series; images/
                is that series, where they name a pseudonym.
"""
_OF_PICTURES: Final = {
    "labels": """PNG of the size of the picture that was opened, pixel on
                pixel; of several pictures a zip of PNGs with their names.""",
    "probabilities": """grey PNG of 16 bits of the same size, 0 to 65535 for 0 to 1;
                of several pictures a zip of PNGs.""",
}

_LABEL_WRITERS: Final = {
    "nii.gz": write_labels,
    "png": write_label_picture,
    "zip": write_zipped_label_pictures,
}
_PROBABILITY_WRITERS: Final = {
    "nii.gz": write_probability,
    "png": write_probability_picture,
    "zip": write_zipped_probability_pictures,
}

Progress = Callable[[float], None]
# Writes DICOM objects into a folder, given the PDF report.
ObjectWriter = Callable[[Path, Path], Sequence[Path]]
_OBJECTS_EFFORT: Final = 6.0
_OBJECTS_FOLDER: Final = "dicom"


@dataclass(frozen=True)
class Step:
    """One file: where it goes in the export, what writes it, and its share of the work."""

    file: str
    write: Callable[[Path], object]
    effort: float = 1.0


def write_export(
    record: Record,
    folder: Path,
    view: View,
    *,
    probabilities: bool = True,
    objects: ObjectWriter | None = None,
    progress: Progress | None = None,
) -> dict[str, Path]:
    """Write all files of a case into a folder, then one zip of them beside it.

    One volume at a time is in memory, however many models there are.

    Args:
        record: What is exported.
        folder: Where the files go; it is there and empty.
        view: What the picture shows.
        probabilities: Whether to add the region probabilities, which are most of the size.
        objects: Writes DICOM objects, for a case that came as DICOM.
        progress: Called with the share that is done, from 0 to 1; what it raises stops the work.

    Returns:
        The files by kind: ``"zip"``, ``"pdf"``, ``"csv"``, ``"json"``, ``"png"`` and
        ``"labels/NAME"`` for each model; with objects also ``"dicom"``, a zip of them alone.
    """
    stem = file_stem(record.case.name)
    steps = _steps(record, stem, view, probabilities=probabilities, objects=objects is not None)
    report = progress or (lambda share: None)
    total = sum(step.effort for step in steps.values()) + 1 + _OBJECTS_EFFORT * bool(objects)
    done = 0.0
    for step in steps.values():
        report(done / total)
        step.write(folder / step.file)
        done += step.effort
    report(done / total)
    made = {kind: folder / step.file for kind, step in steps.items()}
    files = [step.file for step in steps.values()]
    if objects is not None:
        written = objects(folder / _OBJECTS_FOLDER, made["pdf"])
        inside = [file.relative_to(folder).as_posix() for file in written]
        made["dicom"] = _zipped(folder, f"{stem}_dicom.zip", inside, stem)
        files += inside
        report((done + _OBJECTS_EFFORT) / total)
    return made | {"zip": _zipped(folder, f"{stem}_gliolens.zip", files, stem)}


def _zipped(folder: Path, name: str, files: Sequence[str], stem: str) -> Path:
    """Pack files of a folder into a zip beside them."""
    archive = folder / name
    write_whole(archive, lambda unfinished: _zip(unfinished, folder, files, stem))
    return archive


def picture(record: Record, view: View, *, width: int = 420) -> Image:
    """The chosen slice with what each finding drew, side by side."""
    return comparison(record.images, [view], layers(record.findings), width=width)


def _steps(
    record: Record, stem: str, view: View, *, probabilities: bool, objects: bool
) -> dict[str, Step]:
    words = _words(record.case)
    about = ABOUT.format(case=record.case.name, objects=_OF_OBJECTS if objects else "", **words)
    steps = {
        "csv": Step(f"{stem}_numbers.csv", lambda file: file.write_bytes(to_csv(record)), 0.1),
        "json": Step(f"{stem}_numbers.json", _text_writer(lambda: to_json(record)), 0.1),
        "png": Step(f"{stem}_view.png", lambda file: write_png(picture(record, view), file), 0.5),
        "pdf": Step(f"{stem}_report.pdf", lambda file: write_pdf(record, file), 3.0),
        "about": Step("README.txt", _text_writer(lambda: about), 0.1),
    }
    for finding in record.segmented:
        steps |= _label_step(record, finding, stem)
        if probabilities:
            steps |= _probability_steps(record, finding, stem)
    return steps


def _words(case: Case) -> dict[str, str]:
    if not case.voxel_size_known:
        return _OF_PICTURES
    return _OF_VOLUMES if case.grid.stored is None else _OF_LARGE


def _text_writer(text: Callable[[], str]) -> Callable[[Path], object]:
    return lambda file: file.write_text(text(), encoding="utf-8")


def _label_step(record: Record, finding: Finding, stem: str) -> dict[str, Step]:
    kind = _kind(record.case)
    file, write = f"labels/{stem}_{finding.name}.{kind}", _LABEL_WRITERS[kind]
    step = Step(file, lambda where: write(*labels_of_file(record.case, finding.labels), where))
    return {f"labels/{finding.name}": step}


def _probability_steps(record: Record, finding: Finding, stem: str) -> dict[str, Step]:
    kind = _kind(record.case)
    write = _PROBABILITY_WRITERS[kind]
    return {
        f"probabilities/{finding.name}/{region}": Step(
            f"probabilities/{stem}_{finding.name}_{region}.{kind}",
            lambda file, region=region: write(record.case, finding.segmentation, region, file),
        )
        for region in REGIONS
    }


def _kind(case: Case) -> str:
    """What came as pictures goes back into pictures, which have no place in a NIfTI's world."""
    if case.voxel_size_known:
        return "nii.gz"
    return "zip" if case.slice_names else "png"


def _zip(archive: Path, folder: Path, files: Sequence[str], stem: str) -> None:
    # A clock that was never set writes files of 1970, which a zip has no date for.
    with zipfile.ZipFile(archive, "w", strict_timestamps=False) as packed:
        for file in files:
            packed_already = file.endswith((".gz", ".png", ".pdf", ".zip"))
            kind = zipfile.ZIP_STORED if packed_already else zipfile.ZIP_DEFLATED
            packed.write(folder / file, f"{stem}/{file}", compress_type=kind)
