"""Letters as they are written: with their marks, which Python's ``\\w`` leaves out.

In राम and रिम the marks are the vowels; without them both would be one name.
"""

import unicodedata
from typing import Final

# Marks of the scripts of today lie here.
_BLOCKS: Final = (range(0x0300, 0x1E00), range(0x20D0, 0x2100), range(0xA660, 0xAC00))
_JOINERS: Final = "\u200c\u200d"
_MARKS: Final = "".join(
    chr(code) for block in _BLOCKS for code in block if unicodedata.category(chr(code))[0] == "M"
)
# A regular expression for a run of letters, digits and marks.
CHUNK: Final = rf"(?:[^\W_]|[{_MARKS}{_JOINERS}])+"


def is_of_a_word(char: str) -> bool:
    """Whether a character is a letter, a digit, or a mark on one."""
    return char.isalnum() or char in _JOINERS or unicodedata.category(char)[0] == "M"


def composed(name: str) -> str:
    """A name with each letter and its marks as one, as most systems write it (NFC)."""
    return unicodedata.normalize("NFC", name)
