"""A step of one case among many: what goes wrong with it does not stop the others."""

import errno
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

from common.errors import InputError
from model_zoo.errors import WeightsError

# Here every further case would fail as well.
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
Value = TypeVar("Value")


@dataclass(frozen=True)
class Attempt(Generic[Value]):
    """What came of one or more steps of a case.

    Args:
        value: None where one of them failed.
        error: What was wrong; empty where nothing was.
        seconds: What they took.
    """

    value: Value | None
    error: str = ""
    seconds: float = 0.0


def attempt(step: Callable[[], Value], *, place: str | None, after: float = 0.0) -> Attempt[Value]:
    """Do one step of a case.

    Args:
        step: Gives its value, or raises.
        place: What the sentence on an error begins with; None where the error ends the run.
        after: Seconds that earlier steps of the case took.

    Raises:
        Exception: what says nothing of this case alone: weights that are missing, a full disk.
    """
    start = time.perf_counter()
    try:
        value = step()
    except Exception as error:
        if place is None or not _is_of_case(error):
            raise
        return Attempt(None, sentence_on(error, place), after + time.perf_counter() - start)
    return Attempt(value, seconds=after + time.perf_counter() - start)


def sentence_on(error: Exception, place: str) -> str:
    """What was wrong with a case, in one line that says whose files it was."""
    if isinstance(error, OSError) and error.strerror:
        error = InputError(f"{Path(error.filename or 'a file').name}: {error.strerror}.")
    if not isinstance(error, InputError):
        error = InputError(f"Internal error ({type(error).__name__}): {error}")
    text = " ".join(str(error).split())
    return text if text.startswith(place) else f"{place}: {text}"


def _is_of_case(error: Exception) -> bool:
    """Whether an error says something of one case, and nothing of those after it."""
    if isinstance(error, WeightsError):
        return False
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return False
    expected = isinstance(error, InputError | OSError)
    return expected or not os.environ.get("GLIOLENS_DEBUG")
