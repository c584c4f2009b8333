"""A code as an item of a sequence (PS3.3, 8.8)."""

from pydicom.dataset import Dataset


def code_item(value: str, scheme: str, meaning: str) -> Dataset:
    """The item of a code.

    Args:
        value: CodeValue.
        scheme: CodingSchemeDesignator.
        meaning: CodeMeaning.
    """
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item
