"""Whose the files on the desk are by their names: two patients are never one case unasked."""

from inference.io.names.file_names import recognise
from inference.io.names.owners import of_another, two_owners
from workspace.desk.arrival.dropped import DroppedSlices
from workspace.desk.desk import Desk, Row


def of_two_patients(on: Desk) -> str | None:
    """A sentence where the used files are of two by their names, unless the visitor knows better.

    Only names that say themselves what is in a file are evidence of whose it is.
    """
    used = {_name(row): row for row in on.used if not row.image.part and recognise(_name(row))}
    truth = next((name for name, row in used.items() if row is on.truth), None)
    images = [name for name in used if name != truth]
    if set(used) <= on.of_one_patient:
        return None
    two = two_owners(images)
    if two is None and truth and (image := of_another(truth, images)):
        two = truth, image
    if two is None:
        return None
    one, other = (used[name].title for name in two)
    return (
        f"{one} and {other} are of two patients or exams by their names; use the files of one, or "
        "say that they are of one patient."
    )


def say_one_patient(on: Desk) -> None:
    """Take the visitor's word that the used files are of one patient."""
    on.of_one_patient = frozenset(_name(row) for row in on.used)


def _name(row: Row) -> str:
    return row.file.series.bare_name if isinstance(row.file, DroppedSlices) else row.file.name
