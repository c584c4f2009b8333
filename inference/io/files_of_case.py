"""The files of one case, before anything in them has been read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from inference.io.files.numbered_slices import Source
from inference.io.files.unread import Unread, note_on


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
        asks: Whether their user can be asked about what is doubtful of the truth.
    """

    name: str
    modalities: dict[str, Source] = field(default_factory=dict)
    truth: Source | None = None
    stacked: Source | None = None
    channels: tuple[str | None, ...] | None = None
    truth_convention: str | None = None
    unread: tuple[Unread, ...] = ()
    asks: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence on what is not read, where there is such a file."""
        note = note_on(self.unread)
        return (note,) if note else ()


def noted(case: CaseFiles, unread: Sequence[Unread]) -> CaseFiles:
    """The same case with more files beside it that are not read."""
    return replace(case, unread=(*case.unread, *unread))
