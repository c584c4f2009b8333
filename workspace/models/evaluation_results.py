"""What the commands of ``training`` measured, as the pages read it; nothing is computed here."""

import json
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parents[2] / "assets" / "results"

# What makes each file; shown where it is missing.
COMMANDS: Final = {
    "test": "evaluate --data DIR --split test --model all --json assets/results/test.json",
    "protocols": "protocols --data DIR --split test --json assets/results/protocols.json",
    "leak": "leak training/configs/leak.toml --data DIR --json assets/results/leak.json",
}

Results = dict[str, Any]


def read_results(name: str, *, folder: Path = RESULTS) -> Results | None:
    """A file of ``assets/results`` by its name without the ending; None where it is missing."""
    return read_json(folder / f"{name}.json")


def read_json(file: Path) -> Results | None:
    """A JSON file, or None where there is none."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def command_for(name: str) -> str:
    """The command line that makes a file of results."""
    return f"python -m training {COMMANDS[name]}"


def command_for_model(name: str) -> str:
    """The command line that scores a model that is asked for by its name."""
    return (
        f"python -m training evaluate --data DIR --split test --model {name} "
        f"--json assets/results/{name}_test.json"
    )
