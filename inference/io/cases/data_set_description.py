"""The ``dataset.json`` of a data set, as nnU-Net and the Decathlon write it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from common.vocabulary import MODALITIES
from inference.io.cases.files_of_case import Channels
from inference.io.cases.stated_labels import convention_stated
from inference.io.names.file_names import DESCRIPTION, is_volume_name, recognise_stem, stem_of

_NUMBERED_NAME: Final = re.compile(r"(?P<case>.+)_000(?P<number>\d)")
_KEYS: Final = ("channel_names", "modality")
_LARGEST: Final = 10_000_000


def order_beside(file: Path | None) -> Channels:
    """The order that the description of a data set states, beside its images or above them.

    Args:
        file: One of the images; None where there is none.

    Returns:
        As of :func:`order_stated`.
    """
    stated = (order_stated(description) for description in _descriptions(file))
    return next(filter(None, stated), None)


def convention_beside(file: Path | None) -> str | None:
    """The numbering of truths that the description of a data set states.

    Args:
        file: As of :func:`order_beside`.

    Returns:
        As of :func:`inference.io.cases.stated_labels.convention_stated`.
    """
    stated = (convention_stated(description) for description in _descriptions(file))
    return next(filter(None, stated), None)


def _descriptions(file: Path | None) -> Iterator[bytes]:
    for folder in (file.parent, file.parent.parent) if file else ():
        description = folder / DESCRIPTION
        if description.is_file() and description.stat().st_size <= _LARGEST:
            yield description.read_bytes()


def order_stated(description: bytes) -> Channels:
    """The modalities of numbered files or of the volumes of a file, as a ``dataset.json`` has them.

    Args:
        description: What is in it.

    Returns:
        None where it states none.
    """
    try:
        content = json.loads(description.decode("utf-8"))
        stated = next(content[key] for key in _KEYS if key in content)
        names = [str(stated[key]) for key in sorted(stated, key=int)]
    except (ValueError, StopIteration, TypeError, AttributeError):
        return None
    kinds = tuple(recognise_stem(name) for name in names)
    return tuple(k if k in MODALITIES else None for k in kinds) if any(kinds) else None


def numbered_file(name: str) -> tuple[str, int] | None:
    """The case and the number of a file that is named as nnU-Net names the images of a case."""
    found = _NUMBERED_NAME.fullmatch(stem_of(name))
    return (found["case"], int(found["number"])) if found and is_volume_name(name) else None
