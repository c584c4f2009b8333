"""The figures of the report page, as rows for a table."""

from collections.abc import Sequence

from inference.vocabulary import REGIONS
from report.diameters import Diameters
from report.record import Finding

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
    sizes, unit, form = (
        (measures.volume_ml, "ml", "{:.1f}") if sized else (measures.voxels, "pixels", "{:.0f}")
    )
    row = {"Model": finding.title}
    for values, name, shape in (
        (sizes, unit, form),
        (measures.dice, "Dice", "{:.2f}"),
        (measures.hd95_mm, "HD95 mm", "{:.1f}"),
    ):
        row |= {f"{r.upper()} {name}": _shown(values and values[r], shape) for r in REGIONS}
    for region in ("et", "wt"):
        row[f"{region.upper()} diameters mm"] = _diameters(measures.diameters[region])
    return row


def _shown(value: float | None, shape: str) -> str | None:
    return None if value is None else shape.format(value)


def _diameters(diameters: Diameters | None) -> str | None:
    return diameters and f"{diameters.longest_mm:.0f} × {diameters.across_mm:.0f}"
