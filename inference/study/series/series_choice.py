"""Choosing among the series of one examination, of whatever files they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from common.errors import InputError
from common.vocabulary import MODALITY_NAMES
from inference.dicom.file_headers.facts import SeriesFacts
from inference.study.examination import SeriesRow
from inference.study.series.choice import Choice, choose
from inference.study.series.option import parse_series_option


def fixed_by_option(
    wanted: Sequence[str], facts: Sequence[SeriesFacts], refusals: Sequence[str | None]
) -> dict[str, int]:
    """Index of the series by modality of what the user has decided: ``"t1c=12"``.

    Args:
        wanted: As they were given.
        facts: Of every series.
        refusals: Why each cannot be read, or None.

    Raises:
        InputError: as of :func:`inference.study.series.option.parse_series_option`, and for a
            series that cannot be read.
    """
    fixed = parse_series_option(wanted, facts) if wanted else {}
    for index in fixed.values():
        if refusal := refusals[index]:
            raise InputError(refusal)
    return fixed


def choose_readable(
    facts: Sequence[SeriesFacts],
    refusals: Sequence[str | None],
    *,
    fixed: Mapping[str, int] | None = None,
    left_out: Collection[int] = (),
) -> Choice:
    """Choose among what can be read.

    Args:
        facts: Of every series, as it is judged.
        refusals: Why each cannot be read, or None.
        fixed: Index of the series by modality, where the user has decided.
        left_out: Index of every series that the user wants unused.

    Returns:
        A row for each series that was chosen from; the others are in no row.
    """
    readable = [at for at, why in enumerate(refusals) if not why and at not in left_out]
    places = {at: place for place, at in enumerate(readable)}
    chosen = choose(
        [facts[at] for at in readable],
        fixed={modality: places[index] for modality, index in (fixed or {}).items()},
    )
    back = {modality: readable[place] for modality, place in chosen.chosen.items()}
    rows = tuple(replace(row, index=readable[row.index]) for row in chosen.rows)
    return Choice(rows, back, chosen.missing)


def table_of(
    facts: Sequence[SeriesFacts], refusals: Sequence[str | None], choice: Choice
) -> tuple[SeriesRow, ...]:
    """A row for every series, in their order: what it is read as, and why.

    Args:
        facts: Of every series, as it is shown.
        refusals: Why each cannot be read, or None.
        choice: Of :func:`choose_readable`.
    """
    rows = {row.index: row for row in choice.rows}
    table = []
    for index, (about, refusal) in enumerate(zip(facts, refusals, strict=True)):
        row = rows.get(index)
        taken, why, unclear = None, refusal or "left out by you", False
        if row is not None:
            taken, why, unclear = row.chosen, row.reason, row.unclear
        table.append(
            SeriesRow(about.number, about.description, taken, why, unclear, volumes=(index,))
        )
    return tuple(table)


def nothing_fits(name: str, series: Iterable[tuple[str, str]]) -> str:
    """What is said where nothing can be read as one of the modalities.

    Args:
        name: What was looked through, at the beginning of a sentence.
        series: What each is called, and why it is not read.
    """
    *others, last = MODALITY_NAMES.values()
    each = " ".join(f"{called}: {why.removesuffix('.')}." for called, why in series)
    return (
        f"{name} has no series that can be read as {', '.join(others)} or {last} of a head. {each}"
    )
