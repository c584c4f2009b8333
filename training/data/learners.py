"""Who a network learns from: whole patients, those who lack something, and LGG heads.

None of them is of a split of validation or test, or held aside: the splits of the tables decide,
and of LGG heads the list of who may train a network of BraTS.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from common.errors import InputError
from inference.case import Case
from training.config import TrainingConfig
from training.data.lgg_heads import head_file, head_names, read_head
from training.data.patients import read_any, read_cases, read_grades, split_cases
from training.data.volume.carvemix import Donors, donors_among


def training_cases(config: TrainingConfig, data: Path) -> Iterator[Case]:
    """Those that a configuration learns from."""
    return learners(config, data, training_names(config, data))


@dataclass(frozen=True)
class Learner:
    """One who is learned from, and is not read yet.

    Args:
        name: Of the case.
        place: Its folder, or its file.
        read: Reads it.
        alike: Whether its truth has to cover what the others' do.
    """

    name: str
    place: Path
    read: Callable[[], Case]
    alike: bool

    def files(self) -> list[Path]:
        """What it is read from; none where it is missing, of which reading tells."""
        if self.place.is_file():
            return [self.place]
        return [file for file in self.place.rglob("*") if file.is_file()]


def listed_learners(config: TrainingConfig, data: Path) -> list[Learner]:
    """As :func:`training_cases`, unread."""
    patients = [
        Learner(name, data / name, partial(read_any, data, name), alike=not config.partial)
        for name in training_names(config, data)
    ]
    heads = [
        Learner(
            name,
            head_file(config.lgg_heads, name),
            partial(read_head, config.lgg_heads, name),
            alike=False,
        )
        for name in heads_of(config)
    ]
    return patients + heads


def training_names(config: TrainingConfig, data: Path) -> list[str]:
    """The training split without those the configuration holds out; not more than it says."""
    names = split_cases(data, "train", partial=config.partial)
    return fewer([name for name in names if name not in config.hold_out], config, data)


def fewer(names: list[str], config: TrainingConfig, data: Path) -> list[str]:
    """As many of some patients as a configuration says, in the order they are given in.

    Args:
        names: Of the patients.
        config: Says how many.
        data: Folder with ``cases.csv``.

    Raises:
        InputError: if there are not so many.
    """
    if config.patients is None:
        return names
    if config.patients > len(names):
        raise InputError(
            f"The configuration asks for {config.patients} patients to learn from; at most "
            f"{len(names)} can be had."
        )
    chosen = set(_by_turns(names, read_grades(data))[: config.patients])
    return [name for name in names if name in chosen]


def _by_turns(names: list[str], grades: Mapping[str, str]) -> list[str]:
    """Grades by turns, each as often as it is; within one by a number made of the name.

    By their names they would stand as they were collected, hospital after hospital.
    """
    by_grade: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: zlib.crc32(name.encode())):
        by_grade.setdefault(grades.get(name, ""), []).append(name)
    turns = {
        name: (number + 0.5) / len(alike)
        for alike in by_grade.values()
        for number, name in enumerate(alike)
    }
    return sorted(turns, key=lambda name: (turns[name], name))


def donors_of(config: TrainingConfig, data: Path, groups: Sequence[Sequence[str]]) -> Donors:
    """Whose lesions are carved for whom, as :func:`donors_among` says; nobody's unless asked for.

    Args:
        config: Says whether any are.
        data: Folder with ``cases.csv`` and the cases.
        groups: Names of patients in it.
    """
    return donors_among(groups if config.volume.carvemix else [], partial(read_any, data))


def validation_cases(config: TrainingConfig, data: Path) -> Iterator[Case]:
    """The validation split and the training patients the configuration holds out, all whole."""
    return read_cases(data, validation_names(config, data))


def validation_names(config: TrainingConfig, data: Path) -> list[str]:
    """The names of :func:`validation_cases`."""
    held_out = [name for name in split_cases(data, "train") if name in config.hold_out]
    return [*held_out, *split_cases(data, "val")]


def learners(
    config: TrainingConfig, data: Path, names: Iterable[str], *, apart: bool = False
) -> Iterator[Case]:
    """The cases of some patients, then the LGG heads of a configuration.

    Args:
        config: Says whether they may lack something, and which heads there are.
        data: Folder with ``cases.csv`` and the cases.
        names: Patients in it.
        apart: See :func:`heads_of`.

    Raises:
        InputError: if a case or a head is missing or has no truth, or truths differ though the
            configuration does not say ``partial``.
    """
    if config.partial:
        yield from (read_any(data, name) for name in names)
    else:
        yield from read_cases(data, names)
    yield from (read_head(config.lgg_heads, name) for name in heads_of(config, apart=apart))


def heads_of(config: TrainingConfig, *, apart: bool = False) -> list[str]:
    """Names of the LGG heads that a configuration learns from.

    Args:
        config: The configuration.
        apart: Whether those are left out who stand in the BraTS training split as well. Who is
            who is not known, so that where its patients are dealt into folds, one could be scored
            by a network that has seen the same person. For the same reason they are left out
            where the configuration holds any patient out.
    """
    if config.lgg_heads is None:
        return []
    return head_names(config.lgg_heads, apart=apart or bool(config.hold_out))


def weight_of_cases(config: TrainingConfig, data: Path) -> Callable[[str], float]:
    """How often a case is drawn relative to others, by its name."""
    grades = read_grades(data)
    heads = set(heads_of(config))

    def weight(name: str) -> float:
        if name in heads:
            return config.lgg_weight
        return config.low_grade_weight if grades.get(name) == "LGG" else 1.0

    return weight
