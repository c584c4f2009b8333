"""Whose a file is, by what is left of its name without the words that say what it is.

A name is evidence only where it stands before those words, as most write it, or where nothing
does. Numbers are a patient's or those of a scanner's series: these differ from file to file.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from common.errors import InputError
from inference.io.names.file_names import is_understood, says_kind, stem_of
from inference.io.names.wording import shown_name
from inference.naming.letters import CHUNK, is_of_a_word
from inference.naming.terms import fold

_CHUNK: Final = re.compile(CHUNK)
_OF_A_SERIES: Final = re.compile(r"(?:s|se|ser|series|im|img|sc|scan|acq|i|e)?([0-9]+)")
# A number behind one of these is a name.
_KEYS: Final = {
    *("sub", "subj", "subject", "pat", "patient", "pid", "id", "case", "study"),
    *("ses", "session", "visit", "tp", "timepoint", "day", "week", "month", "scan"),
}
_LONG_NUMBER: Final = 4
_LEAST_LETTERS: Final = 3


class TwoOwnersError(InputError):
    """Files that are of two patients or exams by their names.

    Args:
        one: The name of a file.
        other: That of another patient's.
    """

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            f"{shown_name(one)} and {shown_name(other)} are of two patients or exams by their "
            "names; give each a folder, or the files of one patient one name."
        )


@dataclass(frozen=True)
class Owner:
    """What a name says of whose a file is.

    Args:
        words: The words of a name, folded.
        numbers: The numbers beside them, which may be those of series.
        leads: Whether they stand before what the file is.
        initial: A single letter that the name begins with, which may be a patient's or a series'.
    """

    words: frozenset[str]
    numbers: tuple[str, ...]
    leads: bool
    initial: str = ""


def owner_of(name: str) -> Owner:
    """Whose a file is by its name, with or without its extension."""
    chunks = [fold(chunk) for chunk in _CHUNK.findall(stem_of(name))]
    first = next((at for at, chunk in enumerate(chunks) if says_kind(chunk)), len(chunks))
    words, numbers = _parted(chunks[:first])
    initial = chunks[0] if first and len(chunks[0]) == 1 and chunks[0].isalpha() else ""
    if words or numbers:
        return Owner(frozenset(words), tuple(numbers), leads=True, initial=initial)
    words, _ = _parted(chunks[first:])
    long = frozenset(word for word in words if _is_all_letters(word))
    return Owner(long, (), leads=False, initial=initial)


def two_owners(names: Sequence[str]) -> tuple[str, str] | None:
    """Two of the names that are not of one patient, or None."""
    owners = {name: owner_of(name) for name in names}
    for one, other in combinations(owners, 2):
        if _different_words(owners[one], owners[other]):
            return one, other
    return _two_numbers(owners) or _two_initials(owners)


def of_another(name: str, names: Sequence[str]) -> str | None:
    """The one of several names of one patient that shows a further name to be another's."""
    owner, owners = owner_of(name), {each: owner_of(each) for each in names}
    for each, other in owners.items():
        if _different_words(owner, other):
            return each
    initials = {other.initial for other in owners.values()}
    if len(owners) > 1 and len(initials) == 1 and owner.initial and initials != {""}:
        return None if owner.initial in initials else next(iter(owners))
    numbers = {other.numbers for other in owners.values()}
    if len(owners) > 1 and len(numbers) == 1 and owner.numbers and owner.numbers not in numbers:
        first = next(iter(owners))
        alike = owners[first].words == owner.words
        return first if alike and len(owners[first].numbers) == len(owner.numbers) else None
    return None


def _is_all_letters(word: str) -> bool:
    letters = all(is_of_a_word(char) and not char.isdigit() for char in word)
    return letters and len(word) >= _LEAST_LETTERS


def _parted(chunks: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words that are in no list, and the numbers."""
    words: list[str] = []
    numbers: list[str] = []
    for before, chunk in zip(["", *chunks], chunks, strict=False):
        number = _OF_A_SERIES.fullmatch(chunk)
        if number and before in _KEYS:
            words.append(before + number.group(1))
        elif number:
            numbers.append(number.group(1))
        elif not is_understood(chunk):
            words.append(chunk)
    return words, numbers


def _different_words(one: Owner, other: Owner) -> bool:
    both_say = one.words - other.words and other.words - one.words
    return bool(both_say) and one.leads == other.leads


def _two_numbers(owners: dict[str, Owner]) -> tuple[str, str] | None:
    """Two names whose numbers are no series': of several files each series has but one."""
    numbered = {name: owner.numbers for name, owner in owners.items() if owner.numbers}
    count = Counter(numbered.values())
    if len(count) < 2:
        return None
    one, other = list({numbers: name for name, numbers in numbered.items()}.values())[:2]
    if max(count.values()) > 1:
        return one, other
    long = all(_is_long(each) for name in (one, other) for each in numbered[name])
    return (one, other) if len(owners) == 2 and long else None


def _two_initials(owners: dict[str, Owner]) -> tuple[str, str] | None:
    """Two names with letters that are no series': of several files each series has but one."""
    lettered = {name: owner.initial for name, owner in owners.items() if owner.initial}
    count = Counter(lettered.values())
    if len(count) < 2 or max(count.values()) < 2:
        return None
    one, other = list({initial: name for name, initial in lettered.items()}.values())[:2]
    return one, other


def _is_long(number: str) -> bool:
    return len(number) >= _LONG_NUMBER or (len(number) > 1 and number.startswith("0"))
