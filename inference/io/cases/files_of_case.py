"""The files of one case, before anything in them has been read."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

from common.errors import InputError
from inference.io.names.unread import Unread, note_on
from inference.io.slices.numbered_slices import Source

_ORDER_NOT_USED: Final = (
    "The names of the files say which modality each is, so the order that was given was not used "
    "(--channels)."
)
Channels: TypeAlias = tuple[str | None, ...] | None


@dataclass(frozen=True)
class CaseFiles:
    """The files of one case, before anything in them has been read.

    Args:
        name: What the case is called on screen and in files.
        modalities: The file of each modality that is given, or the pictures of its slices.
        truth: The expert's label map, if there is one.
        stacked: One file that holds several modalities: 4D NIfTI, a picture in colour, ``.npy``. Or
            slices as pictures whose names reveal nothing; in grey they are one modality.
        channels: The modalities in the order of the volumes of ``stacked``, None for a volume that
            is not used; None where nobody has named them.
        truth_convention: One of ``CONVENTIONS`` of :mod:`inference.io.truths.label_conventions`;
            None to detect it.
        unread: What lies beside these files and is not read.
        remarks: Sentences on how the files were found.
        folder: The folder or zip they are in, where there are cases in several.
        asks: Whether their user can be asked about what is doubtful of the truth.
    """

    name: str
    modalities: dict[str, Source] = field(default_factory=dict)
    truth: Source | None = None
    stacked: Source | None = None
    channels: Channels = None
    truth_convention: str | None = None
    unread: tuple[Unread, ...] = ()
    remarks: tuple[str, ...] = ()
    folder: str = ""
    asks: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what is not read, on how files were found, and on an order not needed."""
        note = note_on(self.unread)
        sentences = (*self.remarks, *([note] if note else []))
        return (*sentences, _ORDER_NOT_USED) if self.channels and not self.stacked else sentences


def noted(case: CaseFiles, unread: Sequence[Unread]) -> CaseFiles:
    """The same case with more files beside it that are not read."""
    return replace(case, unread=(*case.unread, *unread))


@dataclass(frozen=True)
class RefusedFiles:
    """Files that make up no case, beside others that do.

    Args:
        name: What the case would be called.
        path: The folder or the archive they are in.
        error: Says where, what is wrong and what would be right.
    """

    name: str
    path: Path
    error: InputError


def refuse(refused: list[RefusedFiles] | None, files: RefusedFiles) -> None:
    """Take note of what is refused.

    Raises:
        InputError: where nobody keeps such notes.
    """
    if refused is None:
        raise files.error
    refused.append(files)


@contextlib.contextmanager
def refused_by_case(refused: list[RefusedFiles] | None, path: Path, *, name: str) -> Iterator[None]:
    """Take note of an error instead of raising it, where somebody keeps such notes.

    Args:
        refused: Gets what is refused; where it is None, errors are raised.
        path: Where the files are.
        name: What their case would be called.

    Raises:
        InputError: where nobody keeps notes.
    """
    try:
        yield
    except InputError as error:
        if refused is None:
            raise
        refused.append(RefusedFiles(name, path, error))
