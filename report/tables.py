"""All numbers of a case as CSV and JSON."""

import csv
import io
import json
import math
from typing import Any, Final

from common.vocabulary import REGION_NAMES, REGIONS
from inference.case_report import case_report
from inference.metrics.diameters import Diameters
from model_zoo.weights.folder import GRAPH, INTEGERS
from report import DISCLAIMER
from report.record import Finding, Record, scan_facts

CONVENTION: Final = (
    "Dice and HD95 per patient over the whole volume; both empty: Dice 1, HD95 0 mm; one empty: "
    "Dice 0, HD95 374 mm (BraTS). Diameters: longest in an axial slice and its perpendicular "
    "(RANO)."
)
SECONDS: Final = ("read", "preprocess", "predict", "postprocess", "total")
# In the place of a model: the mean of all readings.
AGREEMENT: Final = "agreement"
COLUMNS: Final = (
    *("case", "model", "region", "voxels", "volume_ml"),
    *("longest_diameter_mm", "perpendicular_mm", "diameter_slice"),
    *("dice", "hd95_mm"),
    *("drawn_by_all_voxels", "drawn_by_all_ml", "drawn_by_some_voxels", "drawn_by_some_ml"),
    *("lowest_dice_of_two", "mean_dice_of_two"),
    *(f"seconds_{part}" for part in SECONDS),
    *("weights_source", "weights_revision", "weights_sha256", "precision"),
    *("int8_graph_sha256", "int8_integers_sha256", "weights_note", "disclaimer"),
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def to_csv(record: Record) -> bytes:
    """One row a model and region, in UTF-8 with a mark that spreadsheets understand."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    for finding in record.findings:
        for region in REGIONS:
            writer.writerow(_row(record, finding, region))
    if record.agreed is not None:
        writer.writerows(_agreement_row(record, region) for region in record.agreed.regions)
    return stream.getvalue().encode("utf-8-sig")


def _row(record: Record, finding: Finding, region: str) -> dict[str, Any]:
    measures = finding.measures
    row = {
        "case": _text(record.case.name),
        "model": finding.name,
        "region": region,
        "voxels": measures.voxels[region],
        "volume_ml": _value(measures.volume_ml, region),
        "dice": _value(measures.dice, region),
        "hd95_mm": _value(measures.hd95_mm, region),
        "disclaimer": DISCLAIMER,
    }
    row |= {f"seconds_{part}": value for part, value in (finding.seconds or {}).items()}
    return row | _diameter_columns(measures.diameters[region]) | _weights_columns(finding)


def _agreement_row(record: Record, region: str) -> dict[str, Any]:
    figures = _agreement_figures(record, region)
    return {
        "case": _text(record.case.name),
        "model": AGREEMENT,
        "region": region,
        "disclaimer": DISCLAIMER,
    } | {name: value for name, value in figures.items() if name in COLUMNS}


def _agreement_figures(record: Record, region: str) -> dict[str, Any]:
    """Millilitres are None where the size of a voxel is not known."""
    found = record.agreed.regions[region]
    sized = record.case.voxel_size_known
    by_all, by_some = found.by_all, found.disputed
    voxel_ml = record.case.voxel_volume_ml
    return {
        "drawn_by_all_voxels": by_all,
        "drawn_by_all_ml": by_all * voxel_ml if sized else None,
        "drawn_by_some_voxels": by_some,
        "drawn_by_some_ml": by_some * voxel_ml if sized else None,
        "lowest_dice_of_two": found.least_dice,
        "mean_dice_of_two": found.mean_dice,
        "drawn_voxels": dict(found.voxels),
    }


def _diameter_columns(diameters: Diameters | None) -> dict[str, Any]:
    if diameters is None:
        return {}
    return {
        "longest_diameter_mm": diameters.longest_mm,
        "perpendicular_mm": diameters.across_mm,
        "diameter_slice": diameters.slice_number,
    }


def _weights_columns(finding: Finding) -> dict[str, Any]:
    """Nothing for the truth; a consensus has no weights of its own."""
    weights = finding.segmentation and finding.segmentation.weights
    if weights is None:
        return {}
    origin, ran = weights.report(), weights.int8_sha256 or {}
    return {
        "weights_source": _text(origin["source"]),
        "weights_revision": _text(weights.revision),
        "weights_sha256": weights.sha256,
        "precision": weights.precision,
        "int8_graph_sha256": ran.get(GRAPH),
        "int8_integers_sha256": ran.get(INTEGERS),
        "weights_note": _text(weights.note or ""),
    }


def _value(values: Any, region: str) -> float | None:
    return None if values is None else values[region]


def _text(name: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{name}" if name.startswith(_FORMULA_STARTS) else name


def to_json(record: Record) -> str:
    """The command line's report of the case, with all that is measured here."""
    segmentations = {each.name: each.segmentation for each in record.segmented}
    base = case_report(record.case, segmentations, read_seconds=record.read_seconds)
    for finding in record.segmented:
        base["models"][finding.name] |= _measured(finding)
        base["models"][finding.name]["difference"] = record.differences.get(finding.name)
    truth = [each for each in record.findings if each.segmentation is None]
    report = {
        "disclaimer": DISCLAIMER,
        "made": record.made.isoformat(timespec="seconds"),
        "synthetic": record.synthetic,
        "convention": CONVENTION,
        "regions": dict(REGION_NAMES),
        "scan": scan_facts(record),
        "notes": list(record.notes),
        "truth": _measured(truth[0]) if truth else None,
        AGREEMENT: _agreed(record),
    }
    return json.dumps(_finite(base | report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _agreed(record: Record) -> dict[str, Any] | None:
    agreed = record.agreed
    if agreed is None:
        return None
    return {
        "sentences": list(agreed.sentences),
        "readings": dict(agreed.readings),
        "regions": {region: _agreement_figures(record, region) for region in agreed.regions},
    }


def _measured(finding: Finding) -> dict[str, Any]:
    measures = finding.measures
    return {
        "voxels": measures.voxels,
        "volume_ml": measures.volume_ml,
        "diameters": {name: _diameters(each) for name, each in measures.diameters.items()},
        "dice": measures.dice,
        "hd95_mm": measures.hd95_mm,
    }


def _diameters(diameters: Diameters | None) -> dict[str, float] | None:
    if diameters is None:
        return None
    return {
        "longest_mm": diameters.longest_mm,
        "perpendicular_mm": diameters.across_mm,
        "product_mm2": diameters.product_mm2,
        "slice": diameters.slice_number,
    }


def _finite(value: Any) -> Any:
    """The same without NaN, which is no JSON."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
