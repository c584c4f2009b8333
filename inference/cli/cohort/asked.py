"""What the answer to a case depends on, beside the case: the options and the weights."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from model_zoo.weights.folder import INT8, read_config
from model_zoo.weights.provenance import Provenance

# What is given, where results go and where they are computed change no result.
_ASIDE: Final = {"case", "source_url", "output", "json", "ray"}


def options_that_count(options: argparse.Namespace) -> dict[str, Any]:
    """The options on which results depend, as JSON has them."""
    counting = {name: value for name, value in vars(options).items() if name not in _ASIDE}
    return json.loads(json.dumps(counting, default=_of_file))


def weights_that_count(models: Iterable[tuple[str, Provenance]]) -> dict[str, Any]:
    """By model, the checksums of its weights and of their int8 form.

    Which of the two is run with ``--precision auto`` may be decided by a trial, whose outcome is
    not a reason to do a case again.
    """
    return {
        name: {"sha256": origin.sha256, "int8_sha256": _int8_sums(name, origin)}
        for name, origin in models
    }


def _int8_sums(name: str, origin: Provenance) -> dict[str, str] | None:
    if origin.folder is None:
        return None
    return read_config(origin.folder, name).get(INT8, {}).get("sha256")


def _of_file(value: object) -> object:
    """A file, such as a brain mask, is the same while its size and time of change are."""
    if not isinstance(value, Path) or not value.exists():
        return str(value)
    facts = value.stat()
    return [str(value.absolute()), facts.st_size, facts.st_mtime_ns]
