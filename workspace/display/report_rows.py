"""The figures of the report page, as rows for a table."""

from collections.abc import Callable, Sequence

from common.vocabulary import REGIONS
from inference.metrics.diameters import Diameters
from report.record import Finding
from report.rounding import three_figures

Row = dict[str, str | None]


def figure_rows(findings: Sequence[Finding], *, sized: bool) -> list[Row]:
    """One row a finding: volumes, Dice and HD95 by region, diameters.

    Args:
        findings: The truth first, if there is one.
        sized: Whether the voxel size is known; else areas are in pixels.
    """
    rows = [_row(each, sized=sized) for each in findings]
    # A column without a single figure says nothing.
    used = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in used} for row in rows]


def _row(finding: Finding, *, sized: bool) -> Row:
    measures = finding.measures
    counted = (measures.voxels, "pixels", "{:.0f}".format)
    sizes = (measures.volume_ml, "ml", three_figures) if sized else counted
    row = {"Model": finding.title}
    for values, name, written in (
        sizes,
        (measures.dice, "Dice", "{:.2f}".format),
        (measures.hd95_mm, "HD95 mm", three_figures),
    ):
        row |= {f"{r.upper()} {name}": _shown(values and values[r], written) for r in REGIONS}
    for region in ("wt", "et"):  # those of the core are in the files
        row[f"{region.upper()} diameters mm"] = _diameters(measures.diameters[region])
    return row


def _shown(value: float | None, written: Callable[[float], str]) -> str | None:
    return None if value is None else written(value)


def _diameters(diameters: Diameters | None) -> str | None:
    return diameters and f"{diameters.longest_mm:.0f} × {diameters.across_mm:.0f}"
