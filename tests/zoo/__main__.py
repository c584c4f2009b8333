"""Writes ``docs/zoo.md``: ``python -m tests.zoo``."""

import tempfile
from pathlib import Path

from tests.zoo.outcome import outcome_of
from tests.zoo.registry import animals
from tests.zoo.table import answer_of, write


def main() -> None:
    answers = {}
    for about, animal in animals().items():
        with tempfile.TemporaryDirectory() as folder:
            answers[about] = answer_of(outcome_of(animal.put(Path(folder))))
    write(answers)


main()
