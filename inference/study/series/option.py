"""``--series MODALITY=NUMBER|DESCRIPTION``: the user decides which series is which."""

from collections.abc import Sequence
from typing import Final

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.dicom.file_headers.facts import SeriesFacts
from inference.naming.terms import fold

_ALSO: Final = {"t1ce": "t1c", "t1gd": "t1c", "t1w": "t1", "t2w": "t2"}


def parse_series_option(options: Sequence[str], series: Sequence[SeriesFacts]) -> dict[str, int]:
    """Index of the series by modality, as ``choose`` takes it for ``fixed``.

    Args:
        options: Such as ``"t1c=12"`` or ``"flair=Ax T2 FLAIR"``, of any case.
        series: Of the examination.

    Raises:
        InputError: for an option that cannot be read, a modality given twice, a series that is
            not there or given for two modalities, and a description that fits several.
    """
    fixed: dict[str, int] = {}
    for option in options:
        modality, wanted = _split(option)
        if modality in fixed:
            raise InputError(f"--series names {MODALITY_NAMES[modality]} twice; give it once.")
        index = _find(wanted, series, option)
        if index in fixed.values():
            raise InputError(
                f"--series gives {_called(series[index])} for two modalities; it can be only one."
            )
        fixed[modality] = index
    return fixed


def _split(option: str) -> tuple[str, str]:
    name, equals, wanted = option.partition("=")
    modality = _ALSO.get(fold(name).strip(), fold(name).strip())
    if not equals or not wanted.strip() or modality not in MODALITIES:
        raise InputError(
            f'--series {option!r} cannot be read: write it like t1c=12 or flair="Ax T2 FLAIR", '
            f"with one of {', '.join(MODALITIES)} before the equals sign."
        )
    return modality, wanted.strip()


def _find(wanted: str, series: Sequence[SeriesFacts], option: str) -> int:
    by_name = [at for at, facts in enumerate(series) if _same(facts.description, wanted)]
    by_number = [at for at, facts in enumerate(series) if str(facts.number) == wanted]
    found = by_number or by_name
    if len(found) == 1:
        return found[0]
    there = ", ".join(map(_called, series)) or "none"
    if not found:
        raise InputError(f"--series {option}: there is no such series; there are {there}.")
    several = ", ".join(_called(series[at]) for at in found)
    raise InputError(f"--series {option} fits {len(found)} series: {several}; give its number.")


def _same(description: str, wanted: str) -> bool:
    return fold(description).split() == fold(wanted).split()


def _called(facts: SeriesFacts) -> str:
    number = "without a number" if facts.number is None else str(facts.number)
    return f"{number} ({facts.description})" if facts.description else number
