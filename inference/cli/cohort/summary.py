"""What came of all cases: a table of every case as CSV, and a few lines to print."""

import csv
import io
import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from common.vocabulary import REGIONS
from inference.io.whole_file import write_whole

SUMMARY: Final = "summary.csv"
_COLUMNS: Final = (
    *("case", "state", "seconds"),
    *(f"{region}_ml" for region in REGIONS),
    *(f"{region}_dice" for region in REGIONS),
    "error",
)
_LISTED: Final = 10


def write_summary(lines: Sequence[dict[str, Any]], folder: Path) -> None:
    """Write ``summary.csv`` with a row for each line of the manifest; a name may hold any sign."""
    text = io.StringIO()
    table = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_row(line) for line in lines)
    content = text.getvalue()
    write_whole(folder / SUMMARY, lambda file: file.write_text(content, encoding="utf-8"))


def summary_of(lines: Sequence[dict[str, Any]]) -> list[str]:
    """Counts, the median and range of each region's volume, the mean Dice, and who failed."""
    states = Counter(line["state"] for line in lines)
    counts = ", ".join(f"{states[state]} {state}" for state in _STATES if states[state])
    rows = [_region_row(region, lines) for region in REGIONS]
    table = [_TITLES, *(row for row in rows if row)] if any(rows) else []
    return [f"{len(lines)} cases: {counts}", *table, *_failures(lines)]


_STATES: Final = ("done", "failed", "skipped")
_TITLES: Final = f"  {'':<4} {'median ml':>10} {'range':>17} {'mean Dice':>10}"


def _row(line: dict[str, Any]) -> dict[str, Any]:
    row = {name: line.get(name) for name in ("case", "state", "seconds", "error")}
    for region in REGIONS:
        row[f"{region}_ml"] = _value(line, "volume_ml", region)
        row[f"{region}_dice"] = _value(line, "dice", region)
    return row


def _value(line: dict[str, Any], field: str, region: str) -> float | None:
    return (line.get(field) or {}).get(region)


def _region_row(region: str, lines: Sequence[dict[str, Any]]) -> str:
    sizes = [ml for line in lines if (ml := _value(line, "volume_ml", region)) is not None]
    if not sizes:
        return ""
    dice = [each for line in lines if (each := _value(line, "dice", region)) is not None]
    scored = f"{statistics.fmean(dice):.3f}" if dice else "no truth"
    span = f"{min(sizes):.1f} to {max(sizes):.1f}"
    return f"  {region.upper():<4} {statistics.median(sizes):>10.1f} {span:>17} {scored:>10}"


def _failures(lines: Sequence[dict[str, Any]]) -> list[str]:
    failed = [line for line in lines if line["state"] == "failed"]
    more = [f"  and {len(failed) - _LISTED} more"] if len(failed) > _LISTED else []
    return [*(f"  failed: {_named(line)}" for line in failed[:_LISTED]), *more]


def _named(line: dict[str, Any]) -> str:
    error = str(line["error"])
    return error if error.startswith(line["case"]) else f"{line['case']}: {error}"
