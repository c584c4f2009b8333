"""A few numbered pictures may be slices of one scan as well as modalities of one slice.

``1.png`` to ``4.png`` say neither. They are taken for slices until the visitor says otherwise.
"""

from dataclasses import dataclass

from common.vocabulary import MODALITIES
from workspace.desk.arrival.dropped import Dropped, DroppedSlices
from workspace.desk.arrival.uploads import look_at
from workspace.desk.desk import Desk, Row


@dataclass(frozen=True, eq=False)
class Numbered:
    """Pictures that could be either, and what they are taken for.

    Args:
        slices: The pictures as slices.
        rows: Where they lie on the desk: one row for the scan, or one for each picture.
        apart: Whether each is taken for an image of its own.
    """

    slices: DroppedSlices
    rows: list[Row]
    apart: bool

    @property
    def assumed(self) -> str:
        """What was assumed, in a sentence."""
        name, count = self.slices.name, len(self.slices.files)
        if self.apart:
            return f"{name} are read as {count} images of one slice."
        return f"{name} are read as {count} slices of one scan, in the order of their numbers."

    @property
    def otherwise(self) -> str:
        """What else they may be, in the visitor's words."""
        return "They are slices of one scan" if self.apart else "They are modalities of one slice"


def could_be_either(on: Desk) -> Numbered | None:
    """The pictures on a desk of which their numbers do not tell."""
    apart = [row for row in on.rows if row.once_slice_of]
    if apart:
        slices = apart[0].once_slice_of
        return Numbered(slices, [row for row in apart if row.once_slice_of is slices], apart=True)
    stacks = [row for row in on.rows if isinstance(row.file, DroppedSlices)]
    if len(stacks) != 1:  # in colour, or beside a mask for each: those are slices
        return None
    series = stacks[0].file.series
    known = series.kind or series.hint or len(series.files) > len(MODALITIES)
    return None if known else Numbered(stacks[0].file, stacks, apart=False)


def read_otherwise(on: Desk, numbered: Numbered) -> None:
    """Take the visitor's word that they are the other; where they cannot be, say why not."""
    slices = numbered.slices
    files = [slices] if numbered.apart else _singles(slices)
    before = list(on.failed)
    rows = [row for file in files for row in look_at(file, on, with_others=False)]
    # Another round: what was chosen for the first row before is not chosen for the first one now.
    on.rounds += 1
    if len(on.failed) > len(before):
        on.refused, on.failed = [each.sentence for each in on.failed[len(before) :]], before
        return
    on.refused = []
    for row in rows:
        row.once_slice_of = None if numbered.apart else slices
    place = on.rows.index(numbered.rows[0])
    others = [row for row in on.rows if row not in numbered.rows]
    on.rows = [*others[:place], *rows, *others[place:]]


def _singles(slices: DroppedSlices) -> list[Dropped]:
    names = [file.name for file in slices.series.files]
    return [Dropped(name, file) for name, file in zip(names, slices.files, strict=True)]
