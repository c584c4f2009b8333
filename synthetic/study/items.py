"""Short ways to write sequences of DICOM items."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items


def item(**values: object) -> Dataset:
    """A dataset of the named elements."""
    data = Dataset()
    for name, value in values.items():
        setattr(data, name, value)
    return data


def one(**values: object) -> Items:
    """A sequence of one item."""
    return Items([item(**values)])


def code(value: str, scheme: str, meaning: str) -> Items:
    """A sequence of one code."""
    return one(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)
