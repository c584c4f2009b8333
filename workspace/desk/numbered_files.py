"""Files that a number tells apart, as nnU-Net names them: what they are is asked once, of all.

``case_0000.nii.gz`` to ``case_0003.nii.gz`` are the modalities of one case. Which is which, the
``dataset.json`` of their data set states where it was dropped too; else there are two usual orders.
"""

from collections.abc import Sequence
from typing import Final

from common.vocabulary import MODALITIES
from inference.io.cases.data_set_description import numbered_file, order_stated
from inference.io.names.file_names import DESCRIPTION, TRUTH, recognise, stem_of
from inference.io.volumes.checked_file import DECATHLON_CHANNELS
from workspace.desk.desk import NOT_USED, Desk, Row
from workspace.session.uploads_on_disk import KeptUpload

Order = tuple[str | None, ...]
# That of BraTS, which most convert from, and that of the Decathlon.
ORDERS: Final[tuple[Order, ...]] = (MODALITIES, DECATHLON_CHANNELS)
_LARGEST: Final = 10_000_000


def without_description(
    uploads: Sequence[KeptUpload],
) -> tuple[list[KeptUpload], Order | None]:
    """What was dropped without the description of a data set, and the order that it states."""
    kept: list[KeptUpload] = []
    order = None
    for upload in uploads:
        if upload.name.lower() == DESCRIPTION and upload.file.size <= _LARGEST:
            order = order_stated(upload.file.read()) or order
        else:
            kept.append(upload)
    return kept, order


def numbered_rows(on: Desk) -> list[Row]:
    """The rows of one case whose names say nothing but a number; none where there are not two."""
    rows = [row for row in on.rows if not row.image.part and _number_of(row) is not None]
    cases = {_case_of(row) for row in rows}
    return rows if len(cases) == 1 and len(rows) > 1 else []


def asks_for_order(on: Desk) -> bool:
    """Whether the visitor has yet to say which of them is which."""
    return on.order is None and any(row.role is None for row in numbered_rows(on))


def take_order(on: Desk, order: Order | None) -> None:
    """Read numbered files in an order, and a label map that is called like their case as truth."""
    on.order = order or on.order
    rows = numbered_rows(on)
    if on.order is None or not rows:
        return
    for row in rows:
        number = _number_of(row) or 0
        if not row.said:
            row.role = (on.order[number] if number < len(on.order) else None) or NOT_USED
    case = _case_of(rows[0])
    for row in on.rows:
        if row.role is None and stem_of(row.name) == case and row.image.label_values:
            row.role = TRUTH


def _number_of(row: Row) -> int | None:
    found = None if recognise(row.name) else numbered_file(row.name)
    return found[1] if found else None


def _case_of(row: Row) -> str:
    found = numbered_file(row.name)
    return found[0] if found else ""
