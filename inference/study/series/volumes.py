"""Several volumes of one series: diffusion of many b-values, a time course, three planes."""

from collections.abc import Sequence
from dataclasses import replace

from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.volumes.series import SeriesHeader
from inference.study.examination import SeriesRow


def facts_of_volumes(series: Sequence[SeriesHeader]) -> list[SeriesFacts]:
    """The facts of each volume, in order; a volume without diffusion of a series with it has it.

    The volume of b-value 0 looks like a T2, and is a coarse, distorted one.
    """
    highest: dict[str, float] = {}
    for each in series:
        b_value = each.facts.b_value or 0.0
        highest[each.series_uid] = max(b_value, highest.get(each.series_uid, 0.0))
    return [
        replace(each.facts, b_value=highest[each.series_uid])
        if each.facts.b_value is not None
        else each.facts
        for each in series
    ]


def folded(table: Sequence[SeriesRow], series_uids: Sequence[str]) -> tuple[SeriesRow, ...]:
    """One row for all volumes of a series for which nothing is read, asked or said otherwise.

    Args:
        table: A row for each volume.
        series_uids: SeriesInstanceUID of each volume.

    Returns:
        The rows in their order; a folded one stands where the first of its volumes stood, and its
        reason says how many there are.
    """
    groups: dict[tuple[str, str, int | None], list[SeriesRow]] = {}
    for at, (row, uid) in enumerate(zip(table, series_uids, strict=True)):
        alone = at if row.modality is not None or row.unclear else None
        groups.setdefault((uid, _kind(row), alone), []).append(row)
    return tuple(_one(rows) for rows in groups.values())


def _kind(row: SeriesRow) -> str:
    """The reason without the number of slices that it may name."""
    return "".join(char for char in row.reason if not char.isdigit())


def _one(rows: list[SeriesRow]) -> SeriesRow:
    first = rows[0]
    if len(rows) == 1:
        return first
    count = f" ({len(rows)} volumes)"
    reason = first.reason.removesuffix(".") + count + ("." if first.reason.endswith(".") else "")
    return replace(first, reason=reason, volumes=tuple(v for row in rows for v in row.volumes))
