"""What ``python -m inference`` writes and prints of a case."""

import math
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import nibabel as nib
import numpy as np

from common.vocabulary import MODALITIES
from inference.analysis.caveats import core_remark
from inference.case import Case
from inference.cli.console import say
from inference.io.export import (
    write_label_picture,
    write_label_pictures,
    write_labels,
    write_whole,
)
from inference.metrics import region_volumes
from inference.network.segmentation import Segmentation

# As BraTS has named its files since 2023.
_BRATS_NAMES = {"t1": "t1n", "t1c": "t1c", "t2": "t2w", "flair": "t2f"}


def write_segmentations(
    case: Case, segmentations: Mapping[str, Segmentation], folder: Path
) -> list[Path]:
    """Write a label map a model, in the form that the case came in.

    Returns:
        A file a model, or a folder of pictures.
    """
    written = []
    for name, segmentation in segmentations.items():
        if case.voxel_size_known:
            place = folder / f"{name}.nii.gz"
            write_labels(case, segmentation.labels, place)
        elif case.slice_names:
            place = folder / name
            write_label_pictures(case, segmentation.labels, place)
        else:
            place = folder / f"{name}.png"
            write_label_picture(case, segmentation.labels, place)
        written.append(place)
    return written


def write_prepared(case: Case, folder: Path) -> None:
    """Write the images of a prepared case as BraTS lays them out: ``NAME/NAME-t1c.nii.gz`` …

    Args:
        case: On the working grid, background exactly 0.
        folder: Gets a folder called like the case.
    """
    for modality in case.present:
        voxels = case.grid.to_native(case.volume[MODALITIES.index(modality)])
        header = case.grid.header.copy()
        header.set_data_dtype(np.float32)
        image = nib.Nifti1Image(np.asarray(voxels, np.float32), None, header)
        file = folder / case.name / f"{case.name}-{_BRATS_NAMES[modality]}.nii.gz"
        write_whole(file, partial(nib.save, image))


def with_known_numbers(report: dict, case: Case, segmentations: Mapping[str, Segmentation]) -> dict:
    """No millilitres where a pixel has no size, nothing of what model or truth do not say."""
    for name, result in report["models"].items():
        result["dice"] = _or_null(case.scored(result["dice"]))
        if case.voxel_size_known:
            result["volume_ml"] = _or_null(result["volume_ml"])
        else:
            pixels = region_volumes(segmentations[name].labels, 1)
            answered = segmentations[name].regions
            result["volume_ml"] = None
            result["pixels"] = {r: n if r in answered else None for r, n in pixels.items()}
    return report


def print_report(report: dict, notes: Sequence[str], estimated: Sequence[str]) -> None:
    """Print the notes on a case, and a line a model.

    Args:
        report: As of :func:`inference.case_report.case_report`.
        notes: Of the case.
        estimated: The models whose core is the likeliest part of a tumour that hardly enhances.
    """
    say(report["case"])
    for note in (*notes, core_remark(list(estimated))):
        if note:
            say(f"  note: {note}")
    for name, result in report["models"].items():
        say(f"  {name:<12} {_sizes(result)}   Dice {_scores(result)}   {_seconds(result)}")


def _or_null(values: dict[str, float] | None) -> dict[str, float | None] | None:
    """JSON knows no number that is none."""
    if values is None:
        return None
    return {name: None if math.isnan(value) else value for name, value in values.items()}


def _sizes(result: dict) -> str:
    sizes, unit = (
        (result["volume_ml"], "ml") if result["volume_ml"] else (result["pixels"], "pixels")
    )
    decimals = 1 if unit == "ml" else 0
    known = {region: size for region, size in sizes.items() if size is not None}
    return " ".join(
        f"{region.upper()} {size:.{decimals}f} {unit}" for region, size in known.items()
    )


def _scores(result: dict) -> str:
    known = {r: dice for r, dice in (result["dice"] or {}).items() if dice is not None}
    return " ".join(f"{region.upper()} {dice:.2f}" for region, dice in known.items()) or "no truth"


def _seconds(result: dict) -> str:
    return f"{result['seconds']['total']:.2f} s"
