"""The files of one case, before anything in them has been read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from inference.io.files.numbered_slices import Source
from inference.io.files.unread import Unread, note_on

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
        truth_convention: One of ``inference.io.label_conventions.CONVENTIONS``; None to detect it.
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
