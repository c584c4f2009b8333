"""Label maps that GlioLens wrote itself, which may lie among the files of a second run."""

from pathlib import Path
from typing import Final

from inference.io.names.file_names import is_nifti_name
from inference.io.names.first_bytes import first_bytes
from inference.io.packed_stream import unpacked_start

_SNIFFED: Final = 1024
_PACKED: Final = 8 * _SNIFFED
# Where the headers of NIfTI-1 and NIfTI-2 describe a file.
_DESCRIPTIONS: Final = (slice(148, 228), slice(240, 320))
_OURS: Final = b"GlioLens "
_IN_PICTURES: Final = b"Comment\0Not a medical device."


def is_own_output(path: Path) -> bool:
    """Whether a file is a label map or a probability that GlioLens wrote, as it says itself."""
    head = unpacked_start(first_bytes(path, _PACKED), _SNIFFED)
    if is_nifti_name(path.name):
        return any(head[place].startswith(_OURS) for place in _DESCRIPTIONS)
    return head.startswith(b"\x89PNG") and _IN_PICTURES in head
