"""Sending the files of one case while somebody waits for it."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.pacs.sending.destination import Destination, Parcel, UnreachableError, parcel

_WAITS_SECONDS: Final = (2.0, 4.0, 8.0, 16.0)


def hand_over(
    files: Sequence[Path],
    destination: Destination,
    *,
    waits: Sequence[float] = _WAITS_SECONDS,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Send files in their order; what is not taken is tried again after each of the waits.

    Raises:
        InputError: where something was refused, or could not be sent in time.
    """
    left = [parcel(file) for file in files]
    for wait in (*waits, None):
        left, problem = _tried(left, destination)
        if not left:
            return
        if wait is not None:
            sleep(wait)
    raise InputError(
        f"{destination.name} did not take {len(left)} of {len(files)} files: {problem}. They are "
        f"in {files[0].parent}."
    )


def _tried(parcels: Sequence[Parcel], destination: Destination) -> tuple[list[Parcel], str]:
    """What is left to be sent, and why.

    Raises:
        InputError: where something was refused for good.
    """
    taken: set[str] = set()
    problem = ""
    try:
        for receipt in destination.send(parcels):
            if not receipt.problem:
                taken.add(receipt.parcel.uid)
            elif receipt.again:
                problem = receipt.problem
            else:
                raise InputError(
                    f"{destination.name} refused {receipt.parcel.file.name}: {receipt.problem}."
                )
    except UnreachableError as error:
        problem = str(error)
    return [each for each in parcels if each.uid not in taken], problem
