"""The slices of patients on the disk, cut once for every training that cuts them alike.

A patient is known by the content of its files, and lies in a folder of its own whose name is their
digest; its ``about.json`` is written last, so that where it is, all of it is. Nothing of a slice is
in memory until it is drawn.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from inference.io.whole_file import keep_on_disk, write_whole

_ABOUT: Final = "about.json"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True)
class KeptStack:
    """The slices of a patient in one plane, which are in two files.

    Args:
        files: Of the slices and of the targets, by name.
        shape: (n, height, width).
        share: Of the patient's draws that are of this look at it.
        plane_share: Of those the share that is of this plane.
        known: The regions that the truth states.
        apart: How many steps of a neighbour are from one slice to the next; null where unknown.
        with_tumour: The slices that hold tumour.
    """

    files: tuple[str, str]
    shape: tuple[int, int, int]
    share: float
    plane_share: float
    known: tuple[bool, ...]
    apart: float | None
    with_tumour: tuple[int, ...]


@dataclass(frozen=True)
class KeptPatient:
    """What is on the disk of a patient.

    Args:
        folder: Where.
        truth_regions: What its truth covers.
        stacks: Its slices.
    """

    folder: Path
    truth_regions: tuple[str, ...]
    stacks: tuple[KeptStack, ...]


# Slices, targets, and what else a stack is of; see :class:`KeptStack`.
Cut = tuple[np.ndarray, np.ndarray, dict[str, Any]]


def kept_patient(
    folder: Path,
    name: str,
    files: Iterable[Path],
    cut: Callable[[], tuple[tuple[str, ...], Iterable[Cut]]],
) -> KeptPatient:
    """A patient as it is kept; cut and written first where it is not there.

    Of several processes that want the same one, one cuts it while the others wait.

    Args:
        folder: Of all patients that are cut alike.
        name: Of the patient, by which its changed copies are drawn.
        files: Of the patient.
        cut: Gives what its truth covers, and its stacks.
    """
    place = folder / digest_of(name, files)
    with _held(place.with_suffix(".lock")):
        if not (place / _ABOUT).exists():
            _write(place, *cut())
    about = json.loads((place / _ABOUT).read_text(encoding="utf-8"))
    stacks = [
        KeptStack(**{name: _tuple(each) for name, each in s.items()}) for s in about["stacks"]
    ]
    return KeptPatient(place, tuple(about["truth_regions"]), tuple(stacks))


def digest_of(name: str, files: Iterable[Path]) -> str:
    """Of the name of a patient, and the names and content of its files."""
    digest = hashlib.blake2b(f"{name}\0".encode(), digest_size=16)
    for file in sorted(files):
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode(errors="surrogateescape"))
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


class KeptImages:
    """(N, C, H, W) of all stacks, padded to one size, of which what is indexed is read.

    Args:
        files: A file a stack, (n, C, h, w) each.
        counts: n of each.
        size: (H, W).
    """

    def __init__(self, files: Sequence[Path], counts: Sequence[int], size: tuple[int, int]) -> None:
        self._files, self._size = files, size
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    def __len__(self) -> int:
        return int(self._starts[-1])

    def __getitem__(self, index: Tensor) -> Tensor:
        """(…, C, H, W) of (…) indices; of one index the (C, H, W) of one slice."""
        wanted = index.reshape(-1).numpy()
        stacks = np.searchsorted(self._starts, wanted, side="right") - 1
        found: Tensor | None = None
        for stack in np.unique(stacks):
            here = np.flatnonzero(stacks == stack)
            # Mapped while it is read: thousands of open maps are more than a system allows.
            images = np.load(self._files[stack], mmap_mode="r")
            read = torch.from_numpy(images[wanted[here] - self._starts[stack]])
            if found is None:
                found = read.new_zeros((len(wanted), read.shape[1], *self._size))
            found[(torch.from_numpy(here), slice(None), *centred(read.shape[2:], self._size))] = (
                read
            )
        assert found is not None, "nothing was indexed"
        return found.reshape(*index.shape, *found.shape[1:])


def centred(inner: Sequence[int], outer: Sequence[int]) -> tuple[slice, slice]:
    """Where something of one size lies in the middle of another."""
    top, left = ((want - have) // 2 for want, have in zip(outer, inner, strict=True))
    return slice(top, top + inner[0]), slice(left, left + inner[1])


def _write(place: Path, truth_regions: tuple[str, ...], stacks: Iterable[Cut]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    written, about = [], []
    for number, (slices, targets, facts) in enumerate(stacks):
        names = f"{number}_slices.npy", f"{number}_targets.npy"
        for name, array in zip(names, (slices, targets), strict=True):
            write_whole(place / name, partial(_save, array))
            written.append(place / name)
        holds = (targets[:, 0].reshape(len(targets), -1) > 0.5).any(axis=1)
        shape = (len(slices), *slices.shape[2:])
        tumour = tuple(np.flatnonzero(holds).tolist())
        about.append(asdict(KeptStack(names, shape, with_tumour=tumour, **facts)))
    keep_on_disk(written)
    text = json.dumps({"truth_regions": truth_regions, "stacks": about})
    write_whole(place / _ABOUT, lambda file: file.write_text(text, encoding="utf-8"))
    keep_on_disk([place / _ABOUT])


def _save(array: np.ndarray, file: Path) -> None:
    with file.open("wb") as stream:  # np.save would add .npy to the name of a file
        np.save(stream, array)


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value


@contextlib.contextmanager
def _held(lock: Path) -> Iterator[None]:
    """Keep other processes out, where the system has locks for that."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    if os.name != "posix":
        yield
        return
    import fcntl

    with lock.open("wb") as stream:  # is let go of when the process dies
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
