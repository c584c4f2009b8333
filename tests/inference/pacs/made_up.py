"""A destination that does what a test tells it, and objects to send to it."""

from inference.pacs.sending.destination import Receipt, UnreachableError
from tests.inference.dicom.made import dataset, write


class MadeUp:
    """Takes what it is sent; ``troubles`` are what it does first, one an object."""

    name = "PACS@made.up:104"

    def __init__(self, *troubles):
        self.troubles = list(troubles)
        self.taken = []
        self.tried = 0

    def send(self, parcels):
        for parcel in parcels:
            self.tried += 1
            trouble = self.troubles.pop(0) if self.troubles else None
            if trouble == "gone":
                raise UnreachableError("no connection")
            if trouble:
                yield Receipt(parcel, trouble, again=trouble == "full")
                continue
            self.taken.append(parcel.file.name)
            yield Receipt(parcel)


def write_objects(folder, count=3):
    """Files of DICOM objects, in the order in which to send them."""
    return [write(dataset(index), folder / f"{9 - index}.dcm") for index in range(count)]
